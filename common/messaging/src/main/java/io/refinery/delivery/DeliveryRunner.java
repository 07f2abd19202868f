package io.refinery.delivery;

import io.refinery.broker.MessageSender;
import io.refinery.broker.Outages;
import io.refinery.broker.ShareRecordProcessor;
import io.refinery.delivery.Attempt.Finished;
import io.refinery.delivery.Attempt.GivenBack;
import io.refinery.message.ErrorCode;
import io.refinery.message.Excerpt;
import io.refinery.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one delivery of a request to its end: its one result settled, or the request given back.
 * Used by many threads, each with a delivery of its own.
 *
 * <p>Pauses are taken under the record's lock, since a broker delivers a released record again at
 * once. They end when the service stops.
 *
 * @param <T> what a valid message asks for
 * @param <R> a result
 * @param <C> what the service keeps of one delivery while it is in hand
 */
public final class DeliveryRunner<T, R, C> implements ShareRecordProcessor.Work {

  private static final Logger log = LoggerFactory.getLogger(DeliveryRunner.class);

  private static final Duration SETTLE_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_SETTLE_PAUSE = Duration.ofSeconds(15);

  /** A stop in good order must not use up the deliveries that failed tries are counted by. */
  private static final int SPARED = 2;

  private final Function<ConsumerRecord<String, byte[]>, Delivery<T>> reader;
  private final DeliveryHandler<T, R, C> handler;
  private final Retries retries;
  private final MessageSender sender;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param sender not closed with this
   */
  public DeliveryRunner(
      Function<ConsumerRecord<String, byte[]>, Delivery<T>> reader,
      DeliveryHandler<T, R, C> handler,
      Retries retries,
      MessageSender sender) {
    this.reader = reader;
    this.handler = handler;
    this.retries = retries;
    this.sender = sender;
  }

  /** From now on every request is given back. The caller may also interrupt the running ones. */
  public void stop() {
    stopped.countDown();
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  @Override
  public AcknowledgeType decline(ConsumerRecord<String, byte[]> message) {
    Delivery<T> delivery = reader.apply(message);
    return back(delivery);
  }

  @Override
  public AcknowledgeType run(ConsumerRecord<String, byte[]> message) {
    Delivery<T> delivery = reader.apply(message);
    C context = handler.begin(delivery);
    try {
      return run(delivery, context);
    } catch (InterruptedException | InterruptException e) {
      return giveBack(delivery, context, "The service is stopping.");
    } catch (Throwable e) { // Whatever it is, the record must be answered, and the tries counted.
      log.error("{} is released after an unexpected failure", delivery.id(), e);
      return AcknowledgeType.RELEASE;
    } finally {
      handler.end(delivery, context);
    }
  }

  private AcknowledgeType run(Delivery<T> delivery, C context) throws InterruptedException {
    Attempt<R> attempt;
    try {
      attempt = attempt(delivery, context);
    } catch (InterruptedException | InterruptException e) {
      throw e;
    } catch (Throwable e) { // Out of memory too is the request's failure, not the service's end.
      if (isStopped()) {
        throw new InterruptedException();
      }
      if (delivery.count() < retries.deliveries() - 1) {
        return tryAgain(delivery, context, e);
      }
      log.error("{} failed for the last time", delivery.id(), e);
      attempt = new Finished<>(givenUp(delivery, context, e));
    }
    if (attempt instanceof GivenBack<R> back) {
      return giveBack(delivery, context, back.reason());
    }
    if (attempt instanceof Finished<R> finished) {
      settle(delivery, context, finished.result());
    }
    return AcknowledgeType.ACCEPT;
  }

  private R givenUp(Delivery<T> delivery, C context, Throwable failure) {
    return handler.failed(
        delivery,
        context,
        ErrorCode.INTERNAL,
        "Tried %d times; the last time: %s".formatted(delivery.count(), described(failure)));
  }

  private Attempt<R> attempt(Delivery<T> delivery, C context) throws Exception {
    Instant begun = Instant.now();
    for (int tries = 1; ; tries++) {
      try {
        return attemptOnce(delivery, context);
      } catch (StorageException | KafkaException e) {
        boolean patient = begun.plus(retries.outage()).isAfter(Instant.now());
        if (!Outages.isOutage(e) || e instanceof InterruptException || !patient) {
          throw e;
        }
        Duration pause = retries.pauseAfter(tries);
        log.warn("{} waits for the end of an outage, {}", delivery.id(), pause, e);
        handler.waits(delivery, context, described(e));
        pause(pause);
      }
    }
  }

  private Attempt<R> attemptOnce(Delivery<T> delivery, C context) throws Exception {
    Optional<R> earlier = handler.settled(delivery, context);
    if (earlier.isPresent()) {
      return new Finished<>(earlier.get());
    }
    if (delivery.count() >= retries.deliveries()) {
      return new Finished<>(
          handler.failed(
              delivery,
              context,
              ErrorCode.INTERNAL,
              ("Delivered %d times without a result. The processes that had it died, or lost the"
                      + " broker or the store; their logs say more.")
                  .formatted(delivery.count() - 1)));
    }
    return handler.attempt(delivery, context, this::isStopped);
  }

  private AcknowledgeType tryAgain(Delivery<T> delivery, C context, Throwable failure) {
    Duration pause = retries.pauseAfter(delivery.count());
    log.warn(
        "{} failed at delivery {}, it is given back in {}",
        delivery.id(),
        delivery.count(),
        pause,
        failure);
    handler.released(delivery, context, described(failure));
    try {
      stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      log.debug("The pause of {} ends with the service", delivery.id());
    }
    return AcknowledgeType.RELEASE; // Counted as a try, even if the service stops meanwhile.
  }

  /**
   * Settles a result, and waits out outages: without its result the request would be lost. A result
   * that cannot be settled for another reason becomes a failed one, and if that cannot be settled
   * either, the log has it: one request must not hold up all others for ever.
   */
  private void settle(Delivery<T> delivery, C context, R result) throws InterruptedException {
    try {
      settlePatiently(delivery, context, result);
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      log.error("The result of {} cannot be settled: {}", delivery.id(), result, e);
      R failed =
          handler.failed(
              delivery,
              context,
              ErrorCode.INTERNAL,
              "Its result cannot be stored or published: " + described(e));
      try {
        settlePatiently(delivery, context, failed);
      } catch (InterruptException again) {
        throw again;
      } catch (RuntimeException | Error again) {
        log.error("{} ends without a result on the topic", delivery.id(), again);
      }
    }
  }

  private void settlePatiently(Delivery<T> delivery, C context, R result)
      throws InterruptedException {
    Duration pause = SETTLE_PAUSE;
    while (true) {
      try {
        handler.settle(delivery, context, result);
        return;
      } catch (InterruptException e) {
        throw e;
      } catch (StorageException | KafkaException e) {
        if (!isWaitedOut(e)) {
          throw e;
        }
        log.warn("The result of {} cannot be settled yet; again in {}", delivery.id(), pause, e);
      }
      pause(pause);
      pause = pause.multipliedBy(2);
      if (pause.compareTo(LONGEST_SETTLE_PAUSE) > 0) {
        pause = LONGEST_SETTLE_PAUSE;
      }
    }
  }

  /** A store that refuses every write, too, is waited for: the results are all that is missing. */
  private static boolean isWaitedOut(RuntimeException failure) {
    return failure instanceof StorageException storage
        ? storage.kind() != StorageException.Kind.TOO_LARGE
        : Outages.isOutage(failure);
  }

  private void pause(Duration duration) throws InterruptedException {
    if (stopped.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException();
    }
  }

  private AcknowledgeType giveBack(Delivery<T> delivery, C context, String reason) {
    // An interrupt has done what it was for; it must not cut off what is said now.
    boolean unused = Thread.interrupted();
    log.info("{} is given back: {}", delivery.id(), reason);
    handler.released(delivery, context, reason);
    return back(delivery);
  }

  /** A delivery that is no failed try is not to be counted as one, as far as it can be helped. */
  private AcknowledgeType back(Delivery<T> delivery) {
    if (delivery.count() < retries.deliveries() - SPARED) {
      return AcknowledgeType.RELEASE;
    }
    try {
      sender.resend(delivery.message());
      return AcknowledgeType.ACCEPT;
    } catch (KafkaException e) {
      log.warn("{} is released, for it cannot be sent again", delivery.id(), e);
      return AcknowledgeType.RELEASE;
    }
  }

  private static String described(Throwable failure) {
    String message = failure.getMessage();
    return Excerpt.of(
        failure instanceof StorageException && message != null
            ? message
            : failure.getClass().getSimpleName() + ": " + message);
  }
}
