package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.EngineException;
import io.refinery.registry.ModelReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ModelRefresherTest {

  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration SHORT = Duration.ofMillis(20);

  @TempDir private Path folder;
  private final BlockingQueue<BooleanSupplier> moves = new LinkedBlockingQueue<>();
  private final AtomicInteger listeners = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final List<DeviceFailedException> lost = new CopyOnWriteArrayList<>();
  private final Set<ModelReference> warm = new HashSet<>();
  private MemoryModels store;
  private ServedModels models;

  @BeforeEach
  void serveTheFirstVersion() throws Exception {
    store = new MemoryModels(folder);
    models = store.served(store.storage, 3);
    store.publishStable("eyes");
    models.lease(ModelReference.parse("eyes")).close();
  }

  @AfterEach
  void noListenerStaysOpen() {
    models.abandon();
    assertThat(closed).hasValue(listeners.get());
  }

  @Test
  void anAnnouncedMoveMakesTheNewVersionReady() throws Exception {
    try (ModelRefresher refresher = refresher(NEVER, Optional.of(this::listener)).start()) {
      store.publishStable("eyes");
      announce();
      awaitServing("eyes@2");
      assertThat(refresher.isAlive()).isTrue();
    }
    assertThat(listeners).hasValue(1);
  }

  @Test
  void withoutAnnouncementsChannelsAreLookedUpPeriodically() throws Exception {
    try (ModelRefresher refresher = refresher(Duration.ZERO, Optional.empty()).start()) {
      store.publishStable("eyes");
      awaitServing("eyes@2");
      assertThat(refresher.isAlive()).isTrue();
    }
  }

  @Test
  void aPeriodicLookTriesRefusedVersionsAgain() throws Exception {
    store.publishStable("eyes");
    store.engine.fail("eyes@2", new EngineException("no memory"));
    try (ModelRefresher refresher =
        refresher(Duration.ZERO, Optional.of(() -> listener(SHORT))).start()) {
      await().until(() -> models.refusals().containsKey("eyes@2"));
      store.engine.let("eyes@2", images -> images);
      awaitServing("eyes@2");
      assertThat(refresher.isAlive()).isTrue();
    }
  }

  @Test
  void anErrorIsSurvived() throws Exception {
    try (ModelRefresher refresher = refresher(NEVER, Optional.of(this::listener)).start()) {
      store.publishStable("eyes");
      store.engine.fail("eyes@2", new OutOfMemoryError("Java heap space"));
      announce();
      await().until(() -> listeners.get() == 2);
      assertThat(refresher.isAlive()).isTrue();

      store.engine.let("eyes@2", images -> images);
      announce();
      awaitServing("eyes@2");
    }
    assertThat(lost).isEmpty();
  }

  @Test
  void afterAFailureOfTheBrokerThereIsANewListener() throws Exception {
    try (ModelRefresher refresher = refresher(NEVER, Optional.of(this::listener)).start()) {
      moves.add(ModelRefresherTest::failedBroker);
      await().until(() -> listeners.get() == 2);
      assertThat(closed).hasValue(1);

      store.publishStable("eyes");
      announce();
      awaitServing("eyes@2");
      assertThat(refresher.isAlive()).isTrue();
    }
  }

  @Test
  void whileTheBrokerIsAwayChannelsAreStillLookedUp() throws Exception {
    store.publishStable("eyes");
    try (ModelRefresher refresher =
        refresher(Duration.ZERO, Optional.of(ModelRefresherTest::noListener)).start()) {
      awaitServing("eyes@2");
      assertThat(refresher.isAlive()).isTrue();
    }
  }

  @Test
  void aLostDeviceEndsItAndIsReported() throws Exception {
    DeviceFailedException failure = loseDeviceWithTheNextVersion();
    try (ModelRefresher refresher = refresher(NEVER, Optional.of(this::listener)).start()) {
      announce();
      await().until(() -> !refresher.isAlive());
      assertThat(lost).containsExactly(failure);
    }
    assertThat(listeners).hasValue(1);
  }

  @Test
  void aDeviceThatIsLostWhileTheBrokerIsAwayIsReportedToo() throws Exception {
    DeviceFailedException failure = loseDeviceWithTheNextVersion();
    try (ModelRefresher refresher =
        refresher(Duration.ZERO, Optional.of(ModelRefresherTest::noListener)).start()) {
      await().until(() -> !refresher.isAlive());
      assertThat(lost).containsExactly(failure);
    }
  }

  private DeviceFailedException loseDeviceWithTheNextVersion() throws Exception {
    DeviceFailedException failure = new DeviceFailedException("an illegal memory access", null);
    store.publishStable("eyes");
    store.engine.fail("eyes@2", failure);
    return failure;
  }

  private ModelRefresher refresher(
      Duration poll, Optional<Supplier<ChannelChangeListener>> changes) {
    return new ModelRefresher(models, new WarmModels(models, warm), poll, changes, lost::add);
  }

  private void announce() {
    moves.add(() -> true);
  }

  private void awaitServing(String version) {
    await().until(() -> models.serving().containsValue(version));
  }

  private static ChannelChangeListener noListener() {
    throw new TimeoutException("The broker is away");
  }

  private static boolean failedBroker() {
    throw new TimeoutException("The broker is away");
  }

  /** A listener that waits so long that a close must wake it. */
  private ChannelChangeListener listener() {
    return listener(NEVER);
  }

  private ChannelChangeListener listener(Duration wait) {
    listeners.incrementAndGet();
    return new ChannelChangeListener() {
      @Override
      public boolean hasMoved(Duration atMost) {
        try {
          BooleanSupplier move = moves.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
          return move != null && move.getAsBoolean();
        } catch (InterruptedException e) {
          throw new org.apache.kafka.common.errors.InterruptException(e);
        }
      }

      @Override
      public void wakeUp() {
        moves.add(() -> false);
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }
}
