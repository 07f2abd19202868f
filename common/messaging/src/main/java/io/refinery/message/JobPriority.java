package io.refinery.message;

/** How urgent a job is. Each priority has a topic; see {@link Topics#jobs(JobPriority)}. */
public enum JobPriority {
  HIGH,
  NORMAL;

  /**
   * Returns the consumer group that takes jobs of this priority from a broker without share groups.
   *
   * @param group the name of the workers' group
   */
  public String consumerGroup(String group) {
    return switch (this) {
      case HIGH -> group + "-high";
      case NORMAL -> group;
    };
  }
}
