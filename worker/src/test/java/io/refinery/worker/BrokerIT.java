package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.refinery.broker.BrokerException;
import io.refinery.message.ErrorCode;
import io.refinery.message.JobResult;
import io.refinery.status.Status;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.ConcurrentTest;
import io.refinery.testkit.FailingStorage;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests what differs among brokers; the profile {@code brokers} runs it on several versions. */
@StackTest
class BrokerIT {

  private static final String RENEWALS = "share.renew.acknowledge.enable";

  private static final String UNDELIVERED = "errors.deadletterqueue.topic.name";

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;
  private ObjectRef input;

  BrokerIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() throws Exception {
    fixture = new WorkerFixture(stack, folder);
    fixture.publishStable(1);
    input = fixture.upload(fixture.bundle(3));
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  /** Kafka 4.2 drops a record after five deliveries, whatever the group asks for. */
  @ConcurrentTest
  void aJobThatAlwaysFailsHasAResultAndADeadLetterBeforeTheBrokerDropsIt() {
    FailingStorage failing =
        new FailingStorage(fixture.storage, "download", input::equals, Integer.MAX_VALUE);
    WorkerConfig config = withDeliveries(fixture.config("worker"), 7);
    try (Worker worker = Worker.start(config, failing.storage())) {
      String job = fixture.submit("poison", input, fixture.model);

      JobResult.Failed failed = (JobResult.Failed) fixture.result(job);
      assertThat(failed.code()).isEqualTo(ErrorCode.INTERNAL);
      assertThat(fixture.first(fixture.topics.dead(), job).value()).isNotEmpty();
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aGroupThatIsAlreadyConfiguredIsUsedByTheNextWorker() {
    fixture.start(fixture.config("first")).close();
    try (Worker second = fixture.start(fixture.config("second"))) {
      String job = fixture.submit("again", input, fixture.model);
      assertThat(fixture.success(job).images()).isEqualTo(3);
      assertThat(second.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aGroupWhoseLocksCannotBeRenewedIsRefusedWithTheCommandThatHelps() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
      ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, fixture.group);
      AlterConfigOp off =
          new AlterConfigOp(new ConfigEntry(RENEWALS, "false"), AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(group, List.of(off))).all().get();
    } catch (ExecutionException e) {
      Assumptions.abort("The broker does not have " + RENEWALS + ": " + e.getCause().getMessage());
    }
    refused(fixture.config("worker"), "kafka-configs.sh", RENEWALS + "=true");
  }

  @ConcurrentTest
  void undeliveredJobsAreKeptWhereTheBrokerCanAndNothingIsSetElsewhere() throws Exception {
    fixture.start(fixture.config("worker")).close();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
      boolean can = UndeliveredJobsIT.keepsUndelivered(admin);
      String topic = "dlq." + fixture.topics.jobs();
      assertThat(admin.listTopics().names().get().contains(topic)).isEqualTo(can);
      ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, fixture.group);
      ConfigEntry set =
          admin.describeConfigs(List.of(group)).all().get().get(group).get(UNDELIVERED);
      assertThat(set == null ? "" : set.value()).isEqualTo(can ? topic : "");
    }
  }

  private void refused(WorkerConfig config, String... words) {
    assertThatExceptionOfType(BrokerException.class)
        .isThrownBy(() -> fixture.start(config).close())
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  private static WorkerConfig withDeliveries(WorkerConfig config, int deliveries) {
    WorkerConfig.Delivery usual = config.delivery();
    return WorkerFixture.with(
        config,
        new WorkerConfig.Delivery(
            usual.group(),
            usual.lock(),
            deliveries,
            Duration.ofMillis(10),
            usual.jobsAtATime(),
            usual.grace()));
  }
}
