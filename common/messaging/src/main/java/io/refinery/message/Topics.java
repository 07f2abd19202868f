package io.refinery.message;

/**
 * The names of the topics.
 *
 * @param prefix prefix of every name, with its dot
 */
public record Topics(String prefix) {

  /** The default names: {@code refinery.jobs} and so on. */
  public static final Topics DEFAULT = new Topics("refinery.");

  /** Jobs of normal priority, read by a share group. */
  public String jobs() {
    return prefix + "jobs";
  }

  /** Jobs of high priority, read by the same share group; one partition. */
  public String highJobs() {
    return prefix + "jobs.high";
  }

  /** The topic of the jobs of a priority. */
  public String jobs(JobPriority priority) {
    return switch (priority) {
      case HIGH -> highJobs();
      case NORMAL -> jobs();
    };
  }

  /** Returns the priority of a message on {@code topic}. */
  public JobPriority priority(String topic) {
    return topic.equals(highJobs()) ? JobPriority.HIGH : JobPriority.NORMAL;
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

  /** Controls that cancel jobs, read by a consumer group. */
  public String jobControl() {
    return prefix + "jobs.control";
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
