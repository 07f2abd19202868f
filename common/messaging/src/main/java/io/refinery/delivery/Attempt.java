package io.refinery.delivery;

/**
 * The outcome of one attempt at a request.
 *
 * @param <R> a result
 */
public sealed interface Attempt<R> {

  /** The attempt produced a result, good or bad, to settle. */
  record Finished<R>(R result) implements Attempt<R> {}

  /**
   * The service cannot continue, through no fault of the request; another delivery resumes it.
   *
   * @param reason one sentence
   */
  record GivenBack<R>(String reason) implements Attempt<R> {}

  /**
   * The attempt produced a result that another look may change: the store says that something is
   * missing or not allowed, which may be a passing fault. The same result of a second attempt is
   * final.
   */
  record Doubtful<R>(R result) implements Attempt<R> {}

  /** Another component answers this message; nothing is left to do. */
  record AnsweredElsewhere<R>() implements Attempt<R> {}
}
