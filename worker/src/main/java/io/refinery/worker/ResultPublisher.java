package io.refinery.worker;

import io.refinery.broker.MessageSender;
import io.refinery.delivery.Delivery;
import io.refinery.message.ErrorCode;
import io.refinery.message.Job;
import io.refinery.message.JobEvent;
import io.refinery.message.JobResult;
import io.refinery.message.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/** Publishes results and dead letters reliably, and events on a best-effort basis. */
final class ResultPublisher {

  private final MessageSender sender;
  private final Topics topics;

  /**
   * @param sender not closed by this class
   */
  ResultPublisher(MessageSender sender, Topics topics) {
    this.sender = sender;
    this.topics = topics;
  }

  /** Returns when the broker has stored the result. */
  void publish(JobResult result, Headers cause) {
    sender.send(topics.results(), result.jobId(), result.toJson(), cause);
  }

  /** Returns when the broker has stored the message, with the reason in headers. */
  void sendToDeadLetter(Delivery<Job> delivery, JobResult.Failed result) {
    sendToDeadLetter(delivery.id(), delivery.message(), result.code(), result.message());
  }

  /** Does the same for any message. */
  void sendToDeadLetter(
      String id, ConsumerRecord<String, byte[]> message, ErrorCode code, String sentence) {
    sender.sendToDeadLetter(topics.dead(), id, message, code, sentence);
  }

  /** Returns at once; a failure is only logged. */
  void sendBestEffort(JobEvent event, Headers cause) {
    sender.sendBestEffort(topics.events(), event.jobId(), event.toJson(), cause);
  }
}
