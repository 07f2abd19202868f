package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.message.Job;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests jobs of senders that use transactions. */
@StackTest
class TransactionsIT {

  private static final String ISOLATION = "share.isolation.level";

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;

  TransactionsIT(Stack stack) {
    this.stack = stack;
  }

  private ObjectRef prepare(int partitions) throws Exception {
    fixture = new WorkerFixture(stack, folder, partitions);
    fixture.publishStable(1);
    return fixture.upload(fixture.bundle(3));
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aJobIsDoneOnceItsTransactionIsCommittedAndNeverIfItIsAborted(int partitions)
      throws Exception {
    ObjectRef input = prepare(partitions);
    try (Worker worker = fixture.start(fixture.config("worker"));
        KafkaProducer<String, byte[]> producer = transactional()) {
      String aborted = send(producer, "aborted", input);
      producer.abortTransaction();
      String committed = send(producer, "committed", input);
      producer.commitTransaction();
      String plain = fixture.submit("plain", input, fixture.model);

      assertThat(fixture.success(committed).images()).isEqualTo(3);
      assertThat(fixture.success(plain).images()).isEqualTo(3);
      WorkerFixture.awaitMetric(worker, "refinery_jobs_running 0.0");
      assertThat(fixture.records(fixture.topics.events(), aborted)).isEmpty();
      assertThat(fixture.records(fixture.topics.results(), aborted)).isEmpty();
      assertThat(fixture.records(fixture.topics.dead(), aborted)).isEmpty();
      assertThat(isolation()).isEqualTo("read_committed");
    }
  }

  @Test
  void anIsolationLevelThatSomebodySetIsKept() throws Exception {
    ObjectRef input = prepare(1);
    try (Admin admin = admin()) {
      ConfigEntry chosen = new ConfigEntry(ISOLATION, "read_uncommitted");
      admin
          .incrementalAlterConfigs(
              Map.of(group(), List.of(new AlterConfigOp(chosen, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
    try (Worker worker = fixture.start(fixture.config("worker"));
        KafkaProducer<String, byte[]> producer = transactional()) {
      String aborted = send(producer, "aborted", input);
      producer.abortTransaction();

      assertThat(fixture.success(aborted).images()).isEqualTo(3);
      assertThat(isolation()).isEqualTo("read_uncommitted");
      assertThat(worker.name()).isEqualTo("worker");
    }
  }

  /** Begins a transaction with a job on the first partition, and returns the job's id. */
  private String send(KafkaProducer<String, byte[]> producer, String name, ObjectRef input)
      throws ExecutionException, InterruptedException {
    Job job = new Job(fixture.jobId(name), input, ModelReference.parse(fixture.model));
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(fixture.topics.jobs(), 0, job.id(), job.toJson())).get();
    return job.id();
  }

  private KafkaProducer<String, byte[]> transactional() {
    KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                stack.bootstrapServers(),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                fixture.group),
            new StringSerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  private String isolation() throws ExecutionException, InterruptedException {
    try (Admin admin = admin()) {
      return admin
          .describeConfigs(List.of(group()))
          .all()
          .get()
          .get(group())
          .get(ISOLATION)
          .value();
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()));
  }

  private ConfigResource group() {
    return new ConfigResource(ConfigResource.Type.GROUP, fixture.group);
  }
}
