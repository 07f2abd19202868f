package io.refinery.worker;

import io.refinery.broker.Outages;
import io.refinery.broker.RecordCopy;
import io.refinery.broker.RecordListener;
import io.refinery.message.ErrorCode;
import io.refinery.message.JobControl;
import io.refinery.message.JobResult;
import io.refinery.message.ParsedMessage;
import io.refinery.message.ParsedMessage.Accepted;
import io.refinery.message.ParsedMessage.Rejected;
import io.refinery.storage.StorageException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels jobs as control messages ask. A cancellation is the job's result: it is claimed like any
 * other, so a job that has ended keeps the result it has. Each message goes to one worker of the
 * group, and is confirmed after the claim.
 */
final class JobControls implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(JobControls.class);

  private final ResultStore results;
  private final ResultPublisher publisher;
  private final String worker;
  private final RecordListener listener;

  /**
   * @param consumers creates members of the group that shares the control messages
   * @param worker the worker's name in events
   */
  JobControls(
      Supplier<Consumer<String, byte[]>> consumers,
      ResultStore results,
      ResultPublisher publisher,
      String worker) {
    this.results = results;
    this.publisher = publisher;
    this.worker = worker;
    this.listener = new RecordListener("refinery-control", consumers, true, this::hear);
  }

  JobControls start() {
    listener.start();
    return this;
  }

  private void hear(ConsumerRecord<String, byte[]> record) {
    ParsedMessage<JobControl> parsed =
        JobControl.read(
            Optional.ofNullable(record.key()),
            Optional.ofNullable(record.value()).orElseGet(() -> new byte[0]));
    if (parsed instanceof Rejected<JobControl> rejected) {
      reject(record, rejected);
      return;
    }
    try {
      cancel(((Accepted<JobControl>) parsed).request().id(), record);
    } catch (StorageException e) {
      // Whatever the store says, also that nothing is allowed: a cancellation is never skipped.
      throw Outages.isOutage(e)
          ? e
          : new StorageException(StorageException.Kind.UNAVAILABLE, e.getMessage(), e);
    }
  }

  private void cancel(String id, ConsumerRecord<String, byte[]> record) {
    JobResult mine =
        new JobResult.Failed(
            id,
            ErrorCode.CANCELLED,
            "The job was cancelled by a message of %s. Its id cannot be used again."
                .formatted(Instant.ofEpochMilli(record.timestamp())),
            Instant.now(),
            Optional.empty(),
            Optional.empty());
    JobResult winner = results.claim(mine);
    if (winner instanceof JobResult.Failed failed && failed.code() == ErrorCode.CANCELLED) {
      publisher.publish(winner, record.headers());
      new JobProgressReporter(publisher, id, record.headers(), worker).failed(failed);
      log.info("Job {} is cancelled", id);
    } else {
      log.info("Job {} is not cancelled, because it has already ended", id);
    }
  }

  private void reject(ConsumerRecord<String, byte[]> record, Rejected<JobControl> rejected) {
    String origin = RecordCopy.origin(record);
    log.warn("The control message at {} is not valid: {}", origin, rejected.message());
    publisher.sendToDeadLetter(
        rejected.id().orElseGet(() -> origin.replace('@', '-')),
        record,
        rejected.code(),
        rejected.message());
  }

  /** Returns whether control messages are still read. */
  boolean isAlive() {
    return listener.isAlive();
  }

  @Override
  public void close() {
    listener.close();
  }
}
