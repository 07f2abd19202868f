package io.refinery.worker;

import io.refinery.engine.DeviceFailedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks channels up once in a while, and whenever the bell rings, so that new versions are built
 * beside the old ones before a job asks for them.
 */
final class ModelRefresher implements AutoCloseable {

  /** Waits for news of models. */
  interface ChannelChangeListener extends AutoCloseable {
    /** Whether a channel was moved, at the latest after {@code atMost}. */
    boolean rang(Duration atMost);

    @Override
    void close();
  }

  private static final Logger log = LoggerFactory.getLogger(ModelRefresher.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final ServedModels models;
  private final Duration poll;
  private final Optional<Supplier<ChannelChangeListener>> bells;
  private final Consumer<DeviceFailedException> lost;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "refinery-models");
  private long lastLook = System.nanoTime();

  /**
   * @param bells makes a bell, and another one after trouble with the first
   * @param lost told when a new version is built on a device that fails
   */
  ModelRefresher(
      ServedModels models,
      Duration poll,
      Optional<Supplier<ChannelChangeListener>> bells,
      Consumer<DeviceFailedException> lost) {
    this.models = models;
    this.poll = poll;
    this.bells = bells;
    this.lost = lost;
  }

  ModelRefresher start() {
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  private void run() {
    while (stopped.getCount() > 0) {
      try (ChannelChangeListener bell = bells.isPresent() ? bells.get().get() : new Silence()) {
        while (stopped.getCount() > 0) {
          look(bell.rang(PATIENCE));
        }
      } catch (DeviceFailedException e) {
        stopped.countDown();
        lost.accept(e);
      } catch (RuntimeException e) {
        log.warn("Channels cannot be watched: {}; trying again", e.getMessage());
        pause();
      }
    }
  }

  private void look(boolean rang) {
    boolean due = System.nanoTime() - lastLook >= poll.toNanos();
    if (due) {
      models.forgetRefusals();
    }
    if (due || rang) {
      lastLook = System.nanoTime();
      models.refresh();
    }
  }

  private void pause() {
    try {
      stopped.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      stopped.countDown();
    }
  }

  @Override
  public void close() {
    stopped.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** No bell: only the clock. */
  private final class Silence implements ChannelChangeListener {
    @Override
    public boolean rang(Duration atMost) {
      pause();
      return false;
    }

    @Override
    public void close() {}
  }
}
