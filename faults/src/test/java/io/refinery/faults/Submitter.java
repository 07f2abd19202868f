package io.refinery.faults;

import io.refinery.message.Job;
import io.refinery.message.JobControl;
import io.refinery.message.Topics;
import io.refinery.registry.ModelReference;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /**
   * One of so many jobs is poison, another one is sent twice, and one more with a used id. A seeded
   * choice of the others is one that is cancelled and one that has a deadline.
   */
  private static final int ONE_IN = 20;

  private static final List<JobKind> CANCELLED =
      List.of(JobKind.CANCELLED, JobKind.CANCELLED, JobKind.REVOKED);

  private static final List<JobKind> DEADLINES = List.of(JobKind.SOON, JobKind.LATE, JobKind.SOON);

  private static final int LONGEST_DEADLINE_MILLIS = 6000;

  private final Topics topics;
  private final Inputs inputs;
  private final ModelReference model;
  private final Random random;
  private final List<String> toCancel = new ArrayList<>();
  private final long seed;
  private final KafkaProducer<String, byte[]> producer;

  Submitter(
      String bootstrapServers, Topics topics, Inputs inputs, ModelReference model, long seed) {
    this.topics = topics;
    this.inputs = inputs;
    this.model = model;
    this.random = new Random(seed);
    this.seed = seed;
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
    cancelDue();
    JobKind kind = kind(seed, number);
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
      case CANCELLED -> sendAndCancel(job);
      case REVOKED -> cancel(id);
      case LATE -> send(id, due(job, -1000).toJson());
      case SOON -> send(id, due(job, random.nextInt(LONGEST_DEADLINE_MILLIS)).toJson());
      default -> send(id, job.toJson());
    }
  }

  private static Job due(Job job, int millis) {
    return job.withDeadline(Optional.of(Instant.now().plusMillis(millis)));
  }

  /** The cancellation comes before the job, right after it, or with the next job. */
  private void sendAndCancel(Job job) throws ExecutionException, InterruptedException {
    int when = random.nextInt(3);
    if (when == 0) {
      cancel(job.id());
    }
    send(job.id(), job.toJson());
    if (when == 1) {
      cancel(job.id());
    } else if (when == 2) {
      toCancel.add(job.id());
    }
  }

  /** Sends the cancellations that wait for the next job. */
  void cancelDue() throws ExecutionException, InterruptedException {
    for (String id : toCancel) {
      cancel(id);
    }
    toCancel.clear();
  }

  private void cancel(String id) throws ExecutionException, InterruptedException {
    byte[] value = new JobControl(id, JobControl.Action.CANCEL).toJson();
    producer.send(new ProducerRecord<>(topics.jobControl(), id, value)).get();
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

  /** Returns what the job of a number is. */
  static JobKind kind(long seed, int number) {
    int block = number / ONE_IN;
    int place = number % ONE_IN;
    Random choice = new Random(seed * 31 + block);
    int cancelled = choice.nextInt(3);
    int due = 14 + choice.nextInt(ONE_IN - 14);
    if (place == cancelled) {
      return CANCELLED.get(block % CANCELLED.size());
    }
    if (place == due) {
      return DEADLINES.get(block % DEADLINES.size());
    }
    return switch (place) {
      case 3 -> POISON.get(block % POISON.size());
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
