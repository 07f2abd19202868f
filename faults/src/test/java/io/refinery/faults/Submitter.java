package io.refinery.faults;

import io.refinery.message.Job;
import io.refinery.message.Topics;
import io.refinery.registry.ModelReference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends jobs and waits until the broker has each. */
final class Submitter implements AutoCloseable {

  private static final List<JobKind> POISON =
      List.of(JobKind.NOTJSON, JobKind.MISSING, JobKind.BROKEN, JobKind.COLOUR);

  /** One of so many jobs is poison, and another one is sent twice. */
  private static final int ONE_IN = 20;

  private final Topics topics;
  private final Inputs inputs;
  private final ModelReference model;
  private final Random random;
  private final KafkaProducer<String, byte[]> producer;

  Submitter(
      String bootstrapServers, Topics topics, Inputs inputs, ModelReference model, long seed) {
    this.topics = topics;
    this.inputs = inputs;
    this.model = model;
    this.random = new Random(seed);
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /** Sends one job, whose kind follows from its number, and returns when the broker has it. */
  void send(int number) throws ExecutionException, InterruptedException {
    JobKind kind = kind(number);
    String id = kind.id(number);
    Job job = new Job(id, inputs.of(kind, random), model);
    byte[] value =
        kind == JobKind.NOTJSON ? "not JSON".getBytes(StandardCharsets.UTF_8) : job.toJson();
    for (int copy = 0; copy < (kind == JobKind.TWICE ? 2 : 1); copy++) {
      producer.send(new ProducerRecord<>(topics.jobs(), id, value)).get();
    }
  }

  private static JobKind kind(int number) {
    return switch (number % ONE_IN) {
      case 3 -> POISON.get(number / ONE_IN % POISON.size());
      case 13 -> JobKind.TWICE;
      default -> JobKind.FINE;
    };
  }

  @Override
  public void close() {
    producer.close();
  }
}
