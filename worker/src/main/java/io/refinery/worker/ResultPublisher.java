package io.refinery.worker;

import io.refinery.broker.MessageSender;
import io.refinery.message.JobEvent;
import io.refinery.message.JobResult;
import io.refinery.message.Topics;
import org.apache.kafka.common.header.Headers;

/** What a worker says: results and dead letters for sure, events as well as it can. */
final class ResultPublisher implements AutoCloseable {

  private final MessageSender sender;
  private final Topics topics;

  /**
   * @param sender closed with this
   */
  ResultPublisher(MessageSender sender, Topics topics) {
    this.sender = sender;
    this.topics = topics;
  }

  /** Returns when the broker has the result for good. */
  void publish(JobResult result, Headers cause) throws InterruptedException {
    sender.send(topics.results(), result.jobId(), result.toJson(), cause);
  }

  /** Puts a message that can never succeed aside, as it came, with the reason in headers. */
  void bury(JobDelivery delivery, JobResult.Failed result) throws InterruptedException {
    sender.bury(
        topics.dead(), delivery.jobId(), delivery.message(), result.code(), result.message());
  }

  /** Says how far a job is; an event that cannot be sent is only logged. */
  void tell(JobEvent event, Headers cause) {
    sender.tell(topics.events(), event.jobId(), event.toJson(), cause);
  }

  @Override
  public void close() {
    sender.close();
  }
}
