package io.refinery.worker;

import io.refinery.broker.ShareRecordProcessor;
import io.refinery.message.Job;
import io.refinery.message.JobMessage;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One delivery of a message from the topic of jobs.
 *
 * @param jobId its id; where none can be read, one made of where the message lies, so that it gets
 *     a result too
 * @param count how often it was delivered, from 1
 */
record JobDelivery(
    ConsumerRecord<String, byte[]> message, JobMessage content, String jobId, int count) {

  static JobDelivery of(ConsumerRecord<String, byte[]> message) {
    byte[] value = message.value() == null ? new byte[0] : message.value();
    JobMessage content = JobMessage.read(Optional.ofNullable(message.key()), value);
    return new JobDelivery(
        message,
        content,
        id(content).orElseGet(() -> positional(message)),
        message.deliveryCount().map(Short::intValue).orElse(1));
  }

  private static Optional<String> id(JobMessage content) {
    if (content instanceof JobMessage.Accepted accepted) {
      return Optional.of(accepted.job().id());
    }
    return content instanceof JobMessage.Rejected rejected ? rejected.jobId() : Optional.empty();
  }

  private static String positional(ConsumerRecord<String, byte[]> message) {
    String id = message.topic() + "-" + message.partition() + "-" + message.offset();
    return Job.isId(id) ? id : "job-" + message.partition() + "-" + message.offset();
  }

  /** Where the message lies: topic, partition and offset. */
  String origin() {
    return ShareRecordProcessor.origin(message);
  }
}
