package io.refinery.console.submit;

import io.refinery.broker.MessageSender;
import io.refinery.console.connection.Connections;
import io.refinery.message.Job;
import io.refinery.message.JobEvent;
import io.refinery.message.JobResult;
import io.refinery.message.TrainingUpdate;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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

  private static final Duration POLL = Duration.ofMillis(200);

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
  public void send(Job job) {
    try (MessageSender sender = connections.sender()) {
      sender.send(connections.topics().jobs(), job.id(), job.toJson());
    }
  }

  /**
   * Sends a job and waits for its result.
   *
   * @param progress receives every event of the job
   * @return empty if there is no result within {@code patience}
   */
  public Optional<JobResult> submit(Job job, Duration patience, Consumer<JobEvent> progress) {
    try (KafkaConsumer<String, byte[]> consumer = consumer()) {
      consumer.seekToEnd(consumer.assignment());
      consumer.assignment().forEach(consumer::position);
      send(job);
      Instant deadline = Instant.now().plus(patience);
      while (Instant.now().isBefore(deadline)) {
        for (ConsumerRecord<String, byte[]> read : consumer.poll(POLL)) {
          if (!job.id().equals(read.key())) {
            continue;
          }
          if (read.topic().equals(connections.topics().results())) {
            return Optional.of(JobResult.parse(read.value()));
          }
          if (!TrainingUpdate.isOne(read.value())) {
            progress.accept(JobEvent.parse(read.value()));
          }
        }
      }
      return Optional.empty();
    }
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
