package io.refinery.delivery;

/**
 * What came of working on a request.
 *
 * @param <R> a result
 */
public sealed interface Attempt<R> {

  /** There is a result, good or bad, to settle. */
  record Finished<R>(R result) implements Attempt<R> {}

  /**
   * The service cannot go on, through no fault of the request: another delivery continues.
   *
   * @param reason one sentence
   */
  record GivenBack<R>(String reason) implements Attempt<R> {}

  /** Somebody else answers this message; nothing is left to do. */
  record AnsweredElsewhere<R>() implements Attempt<R> {}
}
