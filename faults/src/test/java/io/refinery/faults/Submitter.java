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

  private static final int PATIENCE_MILLIS = 600_000;

  /** One of so many jobs is poison, another one is sent twice, and one more with a used id. */
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
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "delivery.timeout.ms",
                Integer.toString(PATIENCE_MILLIS)),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /** Sends one job, whose kind follows from its number, and returns when the broker has it. */
  void send(int number) throws ExecutionException, InterruptedException {
    JobKind kind = kind(number);
    String id = kind.id(number);
    Job job = new Job(id, inputs.of(kind, random), model);
    switch (kind) {
      case NOTJSON -> send(id, "not JSON".getBytes(StandardCharsets.UTF_8));
      case TWICE -> {
        send(id, job.toJson());
        send(id, job.toJson());
      }
      case REUSED -> {
        send(id, new Job(id, inputs.sound().get(0), model).toJson());
        send(id, new Job(id, inputs.sound().get(1), model).toJson());
      }
      default -> send(id, job.toJson());
    }
  }

  private void send(String id, byte[] value) throws ExecutionException, InterruptedException {
    producer.send(new ProducerRecord<>(topics.jobs(), id, value)).get();
  }

  /** Sends jobs on the smallest bundle as fast as the broker takes them. */
  void sendSmall(int count) {
    for (int number = 0; number < count; number++) {
      Job job = new Job(JobKind.FINE.id(number), inputs.sound().get(0), model);
      var unused = producer.send(new ProducerRecord<>(topics.jobs(), job.id(), job.toJson()));
    }
    producer.flush();
  }

  private static JobKind kind(int number) {
    return switch (number % ONE_IN) {
      case 3 -> POISON.get(number / ONE_IN % POISON.size());
      case 7 -> JobKind.REUSED;
      case 13 -> JobKind.TWICE;
      default -> JobKind.FINE;
    };
  }

  @Override
  public void close() {
    producer.close();
  }
}
