package io.refinery.worker;

import io.refinery.engine.DeviceFailedException;
import io.refinery.status.ServiceThread;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up channels periodically and whenever a move is announced, so that new versions are ready
 * before a job asks for them.
 */
final class ModelRefresher implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ModelRefresher.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ServedModels models;
  private final WarmModels warm;
  private final Duration poll;
  private final Optional<Supplier<ChannelChangeListener>> listeners;
  private final Consumer<DeviceFailedException> lost;
  private final ServiceThread thread = new ServiceThread("refinery-models", this::watch);
  private volatile Optional<ChannelChangeListener> listening = Optional.empty();
  private long lastLook = System.nanoTime();

  /**
   * @param warm models to load before anything else
   * @param listeners creates a listener, and a new one after each failure; empty to look up
   *     channels only periodically
   * @param lost called when the device fails while a new version is built
   */
  ModelRefresher(
      ServedModels models,
      WarmModels warm,
      Duration poll,
      Optional<Supplier<ChannelChangeListener>> listeners,
      Consumer<DeviceFailedException> lost) {
    this.models = models;
    this.warm = warm;
    this.poll = poll;
    this.listeners = listeners;
    this.lost = lost;
  }

  ModelRefresher start() {
    thread.start();
    return this;
  }

  /** Returns whether the refresher still looks for new versions. */
  boolean isAlive() {
    return thread.isAlive();
  }

  private void watch(ServiceThread self) throws InterruptedException {
    try {
      warm.look(false);
      listen(self);
    } catch (DeviceFailedException e) {
      self.stop();
      lost.accept(e);
    }
  }

  private void listen(ServiceThread self) throws InterruptedException {
    try (ChannelChangeListener listener =
        listeners.isPresent() ? listeners.get().get() : silent()) {
      listening = Optional.of(listener);
      while (!self.isStopping()) {
        look(listener.hasMoved(PAUSE));
      }
    } catch (KafkaException e) {
      log.warn("Cannot listen for moves of channels: {}; retrying in {}", e.getMessage(), PAUSE);
      self.awaitStop(PAUSE);
      look(false);
    }
  }

  private void look(boolean moved) {
    boolean due = System.nanoTime() - lastLook >= poll.toNanos();
    if (due) {
      models.forgetRefusals();
    }
    if (due || moved) {
      lastLook = System.nanoTime();
      models.refresh();
    }
    warm.look(due || moved);
  }

  private ChannelChangeListener silent() {
    return new ChannelChangeListener() {
      @Override
      public boolean hasMoved(Duration atMost) {
        try {
          thread.awaitStop(atMost);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return false;
      }

      @Override
      public void wakeUp() {}

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {
    thread.stop();
    listening.ifPresent(ChannelChangeListener::wakeUp);
    thread.close();
  }
}
