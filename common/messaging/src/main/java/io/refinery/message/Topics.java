package io.refinery.message;

/**
 * The names of the topics.
 *
 * @param prefix prefix of every name, with its dot
 */
public record Topics(String prefix) {

  /** The default names: {@code refinery.jobs} and so on. */
  public static final Topics DEFAULT = new Topics("refinery.");

  /** Jobs, read by a share group. */
  public String jobs() {
    return prefix + "jobs";
  }

  /** One final result per job id, compacted. */
  public String results() {
    return prefix + "results";
  }

  /** Progress and changes of state. */
  public String events() {
    return prefix + "events";
  }

  /** Moves of channels, compacted. */
  public String models() {
    return prefix + "models";
  }

  /** Training requests, read by a share group. */
  public String trainings() {
    return prefix + "trainings";
  }

  /** Controls that cancel or pause trainings, compacted. */
  public String trainingControl() {
    return prefix + "trainings.control";
  }

  /** Copies of jobs in one partition, used if {@link #jobs} has several. */
  public String jobQueue() {
    return prefix + "jobs.queue";
  }

  /** Copies of requests in one partition, used if {@link #trainings} has several. */
  public String trainingQueue() {
    return prefix + "trainings.queue";
  }

  /** Messages that can never succeed, with the reason in headers. */
  public String dead() {
    return prefix + "jobs.dead";
  }
}
