package io.refinery.console.submit;

import io.refinery.broker.MessageSender;
import io.refinery.console.connection.Connections;
import io.refinery.message.Job;
import io.refinery.message.JobControl;
import io.refinery.message.JobEvent;
import io.refinery.message.JobPriority;
import io.refinery.message.JobResult;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.Sha256;
import io.refinery.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Submits jobs and waits for their results over the same topics as any other client. */
public final class JobClient {

  private static final long MAX_RESULT_BYTES = 1 << 20;

  private final Connections connections;

  public JobClient(Connections connections) {
    this.connections = connections;
  }

  /**
   * Uploads a local bundle to the store under its hash, unless it is already there.
   *
   * @throws UncheckedIOException if the file cannot be read
   */
  public ObjectRef upload(Path bundle) {
    try {
      ObjectRef ref =
          new ObjectRef(
              connections.bucket(), "bundles/" + Sha256.of(bundle) + "/" + bundle.getFileName());
      long bytes = Files.size(bundle);
      if (connections.storage().find(ref).filter(there -> there.size() == bytes).isEmpty()) {
        connections.storage().upload(ref, bundle);
      }
      return ref;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the bundle " + bundle + ": " + e, e);
    }
  }

  /** Sends a job without waiting for its result. */
  public void send(Job job, JobPriority priority) {
    try (MessageSender sender = connections.sender()) {
      sender.send(connections.topics().jobs(priority), job.id(), job.toJson());
    }
  }

  /** Asks for jobs to be cancelled, by their ids. */
  void cancel(Collection<String> ids) {
    try (MessageSender sender = connections.sender()) {
      for (String id : ids) {
        JobControl control = new JobControl(id, JobControl.Action.CANCEL);
        sender.send(connections.topics().jobControl(), id, control.toJson());
      }
    }
  }

  /**
   * Sends a job of normal priority and waits for its result.
   *
   * @param progress receives every event of the job
   * @return empty if there is no result within {@code patience}
   */
  public Optional<JobResult> submit(Job job, Duration patience, Consumer<JobEvent> progress) {
    try (PendingJob pending = start(job, JobPriority.NORMAL)) {
      return pending.await(patience, progress);
    }
  }

  /** Sends a job whose result is awaited; the caller closes what waits. */
  PendingJob start(Job job, JobPriority priority) {
    KafkaConsumer<String, byte[]> consumer = consumer();
    try {
      consumer.seekToEnd(consumer.assignment());
      consumer.assignment().forEach(consumer::position);
      send(job, priority);
      return new PendingJob(job, this, consumer);
    } catch (RuntimeException | Error e) {
      consumer.close();
      throw e;
    }
  }

  boolean isResult(ConsumerRecord<String, byte[]> read) {
    return read.topic().equals(connections.topics().results());
  }

  /**
   * Returns the stored result of a job that has ended.
   *
   * @throws IllegalStateException if something else is stored in its place
   */
  public Optional<JobResult> find(String jobId) {
    return stored(jobId)
        .map(
            json -> {
              try {
                return JobResult.parse(json);
              } catch (IllegalArgumentException e) {
                throw new IllegalStateException(
                    "The object %s is not a job's result: %s. Delete it."
                        .formatted(result(jobId), e.getMessage()),
                    e);
              }
            });
  }

  /** Returns the JSON of a job's result, byte for byte as it was published. */
  public Optional<byte[]> stored(String jobId) {
    try {
      return Optional.of(connections.storage().read(result(jobId), MAX_RESULT_BYTES).bytes());
    } catch (StorageException e) {
      if (e.kind() == StorageException.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private ObjectRef result(String jobId) {
    return new ObjectRef(connections.bucket(), "results/" + jobId + ".json");
  }

  private KafkaConsumer<String, byte[]> consumer() {
    Map<String, Object> properties = connections.kafka();
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    consumer.assign(
        List.of(connections.topics().results(), connections.topics().events()).stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(JobClient::partition)
            .toList());
    return consumer;
  }

  private static TopicPartition partition(PartitionInfo info) {
    return new TopicPartition(info.topic(), info.partition());
  }
}
