package io.refinery.worker;

import static io.refinery.worker.WorkerFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.engine.Device;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import io.refinery.message.JobEvent;
import io.refinery.message.JobResult;
import io.refinery.status.Status;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.StorageException.Kind;
import io.refinery.testkit.ConcurrentTest;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import io.refinery.testkit.SwitchedStorage;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that an outage of the store belongs to the workers that meet it and fails no job. */
@StackTest
class StoreOutageIT {

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;
  private SwitchedStorage store;
  private ObjectRef input;

  StoreOutageIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() throws Exception {
    fixture = new WorkerFixture(stack, folder);
    fixture.publishStable(1);
    input = fixture.upload(fixture.bundle(16));
    store = new SwitchedStorage(fixture.storage);
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  @ConcurrentTest
  void aWorkerThatStartsBeforeItsStoreWaitsForIt() {
    store.off(Kind.UNAVAILABLE);
    try (Worker worker = Worker.start(fixture.config("early"), store.storage())) {
      String job = fixture.submit("early", input, fixture.model);
      awaitStatus(worker, Status.DOWN);
      assertThat(worker.health().outage()).hasValueSatisfying(it -> assertThat(it).isNotBlank());
      store.on();

      fixture.success(job);
      awaitStatus(worker, Status.UP);
      assertAcceptedOnce(job);
    }
  }

  @ConcurrentTest
  void refusalsOfAllRequestsAreAnOutageToo() {
    GatedEngine engine = new GatedEngine();
    try (Worker worker = start("refused", engine)) {
      String first = fixture.submit("refused-1", input, fixture.model);
      await().atMost(PATIENCE).until(() -> engine.begun() == 1);
      store.off(Kind.DENIED);
      engine.let(100);
      awaitStatus(worker, Status.DOWN);
      String second = fixture.submit("refused-2", input, fixture.model);
      store.on();

      fixture.success(first);
      fixture.success(second);
      awaitStatus(worker, Status.UP);
      assertAcceptedOnce(second);
    }
  }

  @ConcurrentTest
  void noJobIsLostOrFailsWhenWorkersComeAndGoDuringOutages() {
    String job = fixture.submit("outages", input, fixture.model);
    for (int i = 0; i < fixture.config("any").delivery().deliveries() + 1; i++) {
      GatedEngine engine = new GatedEngine();
      Worker worker = start("leaves-" + i, engine);
      await().atMost(PATIENCE).until(() -> engine.begun() == 1);
      store.off(Kind.UNAVAILABLE);
      engine.let(100);
      awaitStatus(worker, Status.DOWN);
      worker.close();
      store.on();
    }
    try (Worker worker = Worker.start(fixture.config("last"), store.storage())) {
      fixture.success(job);
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
    assertThat(fixture.records(fixture.topics.results(), job))
        .extracting(record -> JobResult.parse(record.value()))
        .hasSize(1);
  }

  private Worker start(String name, GatedEngine engine) {
    return Worker.start(
        fixture.config(name),
        store.storage(),
        new EngineSelection<>(engine, Device.cpu(), Precision.FULL, engine.name()));
  }

  private static void awaitStatus(Worker worker, Status status) {
    await().atMost(PATIENCE).until(() -> worker.health().status() == status);
  }

  private void assertAcceptedOnce(String job) {
    assertThat(fixture.records(fixture.topics.events(), job))
        .extracting(record -> JobEvent.parse(record.value()).state())
        .filteredOn(JobEvent.State.ACCEPTED::equals)
        .hasSize(1);
  }
}
