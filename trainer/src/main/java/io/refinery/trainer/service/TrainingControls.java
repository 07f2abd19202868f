package io.refinery.trainer.service;

import io.refinery.broker.BrokerException;
import io.refinery.broker.MessageSender;
import io.refinery.broker.Outages;
import io.refinery.broker.RecordListener;
import io.refinery.message.TrainingControl;
import io.refinery.message.TrainingControl.Action;
import io.refinery.status.ServiceThread;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last control message of every training; each trainer reads all of them. The topic is
 * compacted, and a tombstone deletes a control that has taken effect, so that a starting trainer
 * reads only those that still matter. Cancellations need the store, so they run on their own thread
 * and do not delay the start.
 */
final class TrainingControls implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TrainingControls.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long WAIT_MILLIS = 500;

  /** The id of no training; it ends the canceller's wait. */
  private static final String NOTHING = "";

  /** Cancels trainings that no trainer runs. */
  @FunctionalInterface
  interface Cancellation {

    /**
     * @param at when the cancellation was requested
     * @return whether the training has ended
     */
    boolean cancel(String id, Instant at);
  }

  private record Control(Action action, Instant at) {}

  private final String topic;
  private final MessageSender sender;
  private final Cancellation cancellation;
  private final Map<String, Control> last = new ConcurrentHashMap<>();
  private final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();
  private final RecordListener listener;
  private final ServiceThread canceller;

  /**
   * Reads all existing control messages before it returns.
   *
   * @param consumers creates consumers of the topic from its beginning
   * @param sender not closed by this class
   * @throws BrokerException when the topic cannot be read
   */
  TrainingControls(
      String topic,
      Supplier<Consumer<String, byte[]>> consumers,
      MessageSender sender,
      Cancellation cancellation) {
    this.topic = topic;
    this.sender = sender;
    this.cancellation = cancellation;
    listener = new RecordListener("refinery-control", consumers, false, this::hear).start();
    canceller = new ServiceThread("refinery-cancel", this::cancelNext);
    try {
      if (!listener.awaitCaughtUp(PATIENCE)) {
        throw new BrokerException("Cannot read the topic " + topic);
      }
      canceller.start();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new BrokerException("Interrupted while reading " + topic, e);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void hear(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      last.remove(record.key());
      return;
    }
    TrainingControl control;
    try {
      control = TrainingControl.parse(Optional.ofNullable(record.key()), record.value());
    } catch (IllegalArgumentException e) {
      log.warn("Ignoring a control message of {}: {}", record.key(), e.getMessage());
      return;
    }
    last.put(control.id(), new Control(control.action(), Instant.ofEpochMilli(record.timestamp())));
    if (control.action() == Action.CANCEL) {
      cancelled.add(control.id());
    }
  }

  private void cancelNext(ServiceThread self) throws InterruptedException {
    String id = cancelled.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
    Optional<Control> control = Optional.ofNullable(id).map(last::get);
    if (control.filter(asked -> asked.action() == Action.CANCEL).isEmpty()) {
      return;
    }
    try {
      if (cancellation.cancel(id, control.get().at())) {
        clear(id);
      }
    } catch (RuntimeException e) {
      if (!Outages.isOutage(e)) {
        throw e;
      }
      log.warn("Cannot cancel training {} yet: {}", id, e.getMessage());
      cancelled.add(id);
      self.awaitStop(Duration.ofSeconds(1));
    } catch (Error e) {
      cancelled.add(id); // Out of memory now does not mean out of memory later.
      throw e;
    }
  }

  /** Returns the action that applies to a training requested at {@code requested}. */
  Optional<Action> wanted(String id, Instant requested) {
    return Optional.ofNullable(last.get(id))
        .filter(control -> !control.at().isBefore(requested))
        .map(Control::action);
  }

  /** Deletes the control, if any, of a training that has ended. */
  void clear(String id) {
    if (last.containsKey(id)) {
      sender.send(topic, id, null);
    }
  }

  /** Returns whether it still receives controls and carries out cancellations. */
  boolean isAlive() {
    return listener.isAlive() && canceller.isAlive();
  }

  @Override
  public void close() {
    canceller.stop();
    cancelled.add(NOTHING);
    canceller.close();
    listener.close();
  }
}
