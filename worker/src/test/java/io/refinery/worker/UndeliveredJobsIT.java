package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.broker.DeadLetter;
import io.refinery.message.ErrorCode;
import io.refinery.message.JobResult;
import io.refinery.status.Status;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.ConcurrentTest;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.file.Path;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests what becomes of jobs that a broker drops, where it keeps them (share.version 2). */
@StackTest
class UndeliveredJobsIT {

  /** The fewest that a broker allows. */
  private static final int DELIVERIES = 2;

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;

  UndeliveredJobsIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() throws Exception {
    try (Admin admin = Admin.create(stack.kafkaProperties())) {
      Assumptions.assumeTrue(keepsUndelivered(admin), "The broker drops jobs without a trace");
    }
    fixture = new WorkerFixture(stack, folder);
    fixture.publishStable(1);
  }

  @AfterEach
  void tidy() {
    if (fixture != null) {
      fixture.close();
    }
  }

  /** Returns whether the broker keeps what it has not delivered. */
  static boolean keepsUndelivered(Admin admin) throws Exception {
    FinalizedVersionRange level =
        admin.describeFeatures().featureMetadata().get().finalizedFeatures().get("share.version");
    return level != null && level.maxVersionLevel() >= 2;
  }

  private WorkerConfig config(String name) {
    WorkerConfig usual = fixture.config(name);
    WorkerConfig.Delivery delivery = usual.delivery();
    return WorkerFixture.with(
        usual,
        new WorkerConfig.Delivery(
            delivery.group(),
            delivery.lock(),
            DELIVERIES,
            delivery.retryDelay(),
            delivery.jobsAtATime(),
            delivery.grace()));
  }

  @ConcurrentTest
  void aJobWhoseProcessesDieBeforeTheyCanDoAnythingEndsAsFailedWithADeadLetter() throws Exception {
    ObjectRef input = fixture.upload(fixture.bundle(3));
    fixture.start(config("first")).close();
    String job = fixture.submit("deadly", input, fixture.model);
    for (int i = 0; i < DELIVERIES; i++) {
      DyingMember.run(stack.bootstrapServers(), fixture.group, fixture.topics.jobs());
    }

    try (Worker worker = fixture.start(config("second"))) {
      JobResult.Failed failed = (JobResult.Failed) fixture.result(job);
      assertThat(failed.code()).isEqualTo(ErrorCode.INTERNAL);
      assertThat(failed.message()).startsWith("Delivered 2 times without a result.");
      assertThat(failed.job()).hasValueSatisfying(asked -> assertThat(asked.id()).isEqualTo(job));
      DeadLetter letter = new DeadLetter(fixture.first(fixture.topics.dead(), job));
      assertThat(letter.code()).isEqualTo("INTERNAL");
      assertThat(letter.origin()).isEqualTo(fixture.topics.jobs() + "-0@0");
      assertThat(letter.message()).contains(failed.job().orElseThrow().toJson());

      String next = fixture.submit("next", input, fixture.model);
      assertThat(fixture.success(next).images()).isEqualTo(3);
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }
}
