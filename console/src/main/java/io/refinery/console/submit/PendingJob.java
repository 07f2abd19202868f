package io.refinery.console.submit;

import io.refinery.message.Job;
import io.refinery.message.JobEvent;
import io.refinery.message.JobEvent.State;
import io.refinery.message.JobResult;
import io.refinery.message.TrainingUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** A job that was sent and whose result is awaited. */
final class PendingJob implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final Job job;
  private final JobClient client;
  private final KafkaConsumer<String, byte[]> consumer;

  /**
   * @param consumer of results and events from before the job was sent; closed by this class
   */
  PendingJob(Job job, JobClient client, KafkaConsumer<String, byte[]> consumer) {
    this.job = job;
    this.client = client;
    this.consumer = consumer;
  }

  /**
   * Waits for the result of the job's id, which may be that of another job with the same id: see
   * {@link JobResult#answers}.
   *
   * @param progress receives every event of the job
   * @return empty if there is no result within {@code patience}
   */
  Optional<JobResult> await(Duration patience, Consumer<JobEvent> progress) {
    Instant deadline = Instant.now().plus(patience);
    while (Instant.now().isBefore(deadline)) {
      for (ConsumerRecord<String, byte[]> read : consumer.poll(POLL)) {
        if (job.id().equals(read.key())) {
          Optional<JobResult> result = read(read, progress);
          if (result.isPresent()) {
            return result;
          }
        }
      }
    }
    return client.find(job.id()); // The topic may have lost what the store keeps.
  }

  private Optional<JobResult> read(
      ConsumerRecord<String, byte[]> read, Consumer<JobEvent> progress) {
    if (client.isResult(read)) {
      return Optional.of(JobResult.parse(read.value()));
    }
    if (TrainingUpdate.isOne(read.value())) {
      return Optional.empty();
    }
    JobEvent event = JobEvent.parse(read.value());
    progress.accept(event);
    // This job or another one with its id: the stored result tells.
    return event.state() == State.REFUSED ? client.find(job.id()) : Optional.empty();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
