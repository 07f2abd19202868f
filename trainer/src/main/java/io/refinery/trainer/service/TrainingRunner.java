package io.refinery.trainer.service;

import io.refinery.broker.MessageSender;
import io.refinery.engine.DeviceFailedException;
import io.refinery.message.Topics;
import io.refinery.message.TrainingMessage;
import io.refinery.message.TrainingRequest;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.storage.StorageException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one delivery of a request to its end: the training's one outcome claimed and told, the
 * training paused, or the request given back.
 */
final class TrainingRunner {

  private static final Logger log = LoggerFactory.getLogger(TrainingRunner.class);

  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

  private static final int RETRY_FACTOR = 4;

  private final TrainerConfig config;
  private final TrainingWork work;
  private final TrainingStateStore shelf;
  private final MessageSender sender;
  private final TrainerMetrics metrics;
  private final Consumer<DeviceFailedException> lost;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param lost told when the device failed, before the request is given back
   */
  TrainingRunner(
      TrainerConfig config,
      TrainingWork work,
      TrainingStateStore shelf,
      MessageSender sender,
      TrainerMetrics metrics,
      Consumer<DeviceFailedException> lost) {
    this.config = config;
    this.work = work;
    this.shelf = shelf;
    this.sender = sender;
    this.metrics = metrics;
    this.lost = lost;
  }

  /** A training that runs keeps a checkpoint and is given back, and so is every other. */
  void stop() {
    stopped.countDown();
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** Runs until the request is done with or is to be given back; throws nothing. */
  AcknowledgeType run(ConsumerRecord<String, byte[]> message) {
    RequestDelivery delivery = RequestDelivery.of(message);
    if (!(delivery.content() instanceof TrainingMessage.Accepted accepted)) {
      return AcknowledgeType.ACCEPT; // The reception has answered it.
    }
    TrainingRequest order = accepted.order();
    Topics topics = config.broker().topics();
    TrainingUpdatePublisher voice =
        new TrainingUpdatePublisher(
            sender,
            topics,
            shelf,
            config.name(),
            order.id(),
            Optional.of(order.model()),
            message.headers());
    metrics.taken(order.id(), order.model());
    try {
      return run(delivery, order, voice);
    } catch (InterruptedException e) {
      return giveBack(delivery, voice, "The trainer stops.");
    } catch (DeviceFailedException e) {
      lost.accept(e);
      return giveBack(delivery, voice, e.getMessage());
    } catch (Throwable e) { // An OutOfMemoryError too is the training's end, not the trainer's.
      log.error("Training {} failed at delivery {}", order.id(), delivery.count(), e);
      return giveBack(delivery, voice, e.toString());
    } finally {
      metrics.left();
    }
  }

  private AcknowledgeType run(
      RequestDelivery delivery, TrainingRequest order, TrainingUpdatePublisher voice)
      throws Exception {
    Optional<TrainingUpdate> earlier = persistently(voice, () -> shelf.outcome(order.id()));
    TrainingUpdate end;
    if (earlier.isPresent()) {
      end = earlier.get();
    } else if (delivery.count() >= config.group().deliveries()) {
      end =
          voice.notice(
              State.FAILED,
              "Deliveries without an end: %d. The trainers died of it; their logs say more."
                  .formatted(delivery.count() - 1));
    } else {
      end = persistently(voice, () -> work.run(order, delivery.at(), voice, this::isStopped));
    }
    if (end.state() == State.RELEASED) {
      return giveBack(delivery, voice, "The trainer stops.");
    }
    persistently(voice, () -> settle(end, voice));
    return AcknowledgeType.ACCEPT;
  }

  private TrainingUpdate settle(TrainingUpdate mine, TrainingUpdatePublisher voice)
      throws InterruptedException {
    if (!mine.state().isLast()) {
      shelf.keep(mine);
      voice.send(mine);
      return mine;
    }
    TrainingUpdate winner = shelf.claim(mine);
    voice.send(winner);
    shelf.clearCheckpoints(winner.trainingId());
    metrics.ended(winner.state());
    log.info("Training {} is over: {}", winner.trainingId(), winner);
    return winner;
  }

  private AcknowledgeType giveBack(
      RequestDelivery delivery, TrainingUpdatePublisher voice, String reason) {
    voice.keep(voice.notice(State.RELEASED, reason));
    try {
      // What is given back comes again at once, so the wait is here, under the lock.
      if (!stopped.await(pause(delivery.count()).toMillis(), TimeUnit.MILLISECONDS)) {
        return AcknowledgeType.RELEASE;
      }
      if (delivery.count() < config.group().deliveries() - 2) {
        return AcknowledgeType.RELEASE;
      }
      // Trainers that stop in good order shall not use the deliveries up: it is asked for anew.
      sender.send(
          delivery.message().topic(),
          delivery.id(),
          delivery.message().value(),
          delivery.message().headers());
      return AcknowledgeType.ACCEPT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return AcknowledgeType.RELEASE;
    } catch (KafkaException e) {
      log.warn("Training {} is not asked for anew", delivery.id(), e);
      return AcknowledgeType.RELEASE;
    }
  }

  private Duration pause(int deliveries) {
    return shortened(
        config.retryDelay().multipliedBy((long) Math.pow(RETRY_FACTOR, deliveries - 1)));
  }

  private static Duration shortened(Duration delay) {
    return delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
  }

  /** Tries again whatever fails because broker or store are away, until it stops. */
  private <T> T persistently(TrainingUpdatePublisher voice, Callable<T> task) throws Exception {
    Duration delay = config.retryDelay();
    while (true) {
      try {
        return task.call();
      } catch (StorageException | KafkaException e) {
        if (e instanceof StorageException trouble
            && trouble.kind() != StorageException.Kind.UNAVAILABLE) {
          throw e;
        }
        log.warn("Trying again in {}", delay, e);
        voice.tell(voice.notice(State.WARNING, "It is tried again: " + e.getMessage()));
      }
      if (stopped.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new InterruptedException();
      }
      delay = shortened(delay.multipliedBy(RETRY_FACTOR));
    }
  }
}
