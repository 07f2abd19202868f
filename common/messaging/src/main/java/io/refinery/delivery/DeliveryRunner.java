package io.refinery.delivery;

import io.refinery.broker.MessageSender;
import io.refinery.broker.Outages;
import io.refinery.broker.RecordCopy;
import io.refinery.broker.RecordProcessor;
import io.refinery.delivery.Attempt.Doubtful;
import io.refinery.delivery.Attempt.Finished;
import io.refinery.delivery.Attempt.GivenBack;
import io.refinery.message.ErrorCode;
import io.refinery.storage.FullDisk;
import io.refinery.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a delivery of a request to its end: either its only result is settled, or the request is
 * released. Used by many threads, each with its own delivery.
 *
 * <p>Pauses keep the record's lock, since a broker delivers a released record again at once. They
 * end when the service stops.
 *
 * <p>A broker drops a message after its last delivery, whatever became of it. A message that nears
 * it is therefore replaced by a copy, which knows how many tries have failed. So neither processes
 * that die nor outages nor stops lose a request, and only failed tries use up its tries.
 *
 * @param <T> what a valid message asks for
 * @param <R> a result
 * @param <C> what the service keeps about a delivery while processing it
 */
public final class DeliveryRunner<T, R, C> implements RecordProcessor.Work {

  private static final Logger log = LoggerFactory.getLogger(DeliveryRunner.class);

  private static final Duration SETTLE_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_SETTLE_PAUSE = Duration.ofSeconds(15);

  private static final Duration OUTAGE_PAUSE = Duration.ofMillis(200);

  private final Function<ConsumerRecord<String, byte[]>, Delivery<T>> reader;
  private final DeliveryHandler<T, R, C> handler;
  private final Retries retries;
  private final MessageSender sender;
  private final OutageMonitor outages;
  private final ReturnedDeliveries returned;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param sender not closed by this class
   * @param outages not closed by this class
   */
  public DeliveryRunner(
      Function<ConsumerRecord<String, byte[]>, Delivery<T>> reader,
      DeliveryHandler<T, R, C> handler,
      Retries retries,
      MessageSender sender,
      OutageMonitor outages,
      ReturnedDeliveries returned) {
    this.reader = reader;
    this.handler = handler;
    this.retries = retries;
    this.sender = sender;
    this.outages = outages;
    this.returned = returned;
  }

  /** Makes every request be released from now on. The caller may also interrupt running ones. */
  public void stop() {
    stopped.countDown();
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  @Override
  public boolean isReady() {
    return !outages.isOutage();
  }

  @Override
  public AcknowledgeType decline(ConsumerRecord<String, byte[]> message) {
    Delivery<T> delivery = reader.apply(message);
    return back(delivery, failedTries(delivery));
  }

  @Override
  public AcknowledgeType run(ConsumerRecord<String, byte[]> message) {
    Delivery<T> delivery = reader.apply(message);
    int failed = failedTries(delivery);
    if (retries.nearsItsEnd(delivery.count()) && handOn(delivery, failed)) {
      return AcknowledgeType.ACCEPT;
    }
    C context = handler.begin(delivery);
    try {
      return run(delivery, failed, context);
    } catch (InterruptedException | InterruptException e) {
      return giveBack(delivery, failed, context, "The service is stopping.");
    } catch (Throwable e) { // Whatever the failure, acknowledge the record and count the try.
      log.error("Releasing {} after an unexpected failure", delivery.id(), e);
      return AcknowledgeType.RELEASE;
    } finally {
      handler.end(delivery, context);
    }
  }

  /** Returns how many tries of a message have failed, or have ended with their process. */
  private int failedTries(Delivery<T> delivery) {
    int before = RecordCopy.failedTries(delivery.message());
    if (delivery.count() == 1) {
      return before;
    }
    try {
      return before + Math.max(0, delivery.count() - 1 - returned.of(delivery.message()));
    } catch (StorageException e) {
      log.warn("Not counting the tries of {}, since the store is away", delivery.id(), e);
      return before;
    }
  }

  private AcknowledgeType run(Delivery<T> delivery, int failed, C context)
      throws InterruptedException {
    Attempt<R> attempt;
    try {
      attempt = attempt(delivery, failed, context);
    } catch (InterruptedException | InterruptException e) {
      throw e;
    } catch (Throwable e) { // Even out of memory must fail only the request, not end the service.
      if (isStopped()) {
        throw new InterruptedException();
      }
      if (!Failures.isLasting(e) && failed + 1 < retries.tries()) {
        return tryAgain(delivery, failed + 1, context, e);
      }
      log.error("{} failed for the last time", delivery.id(), e);
      attempt = new Finished<>(givenUp(delivery, failed + 1, context, e));
    }
    if (attempt instanceof GivenBack<R> back) {
      return giveBack(delivery, failed, context, back.reason());
    }
    if (attempt instanceof Finished<R> finished) {
      settle(delivery, context, finished.result());
    }
    return AcknowledgeType.ACCEPT;
  }

  private R givenUp(Delivery<T> delivery, int failed, C context, Throwable failure) {
    String reason = Failures.described(failure);
    return handler.failed(
        delivery,
        context,
        ErrorCode.INTERNAL,
        Failures.isLasting(failure)
            ? "Every retry would fail in the same way: " + reason
            : "Tried %d times; last error: %s".formatted(failed, reason));
  }

  /** Attempts until there is an outcome that neither an outage nor a passing fault explains. */
  private Attempt<R> attempt(Delivery<T> delivery, int failed, C context) throws Exception {
    Instant patience = Instant.now().plus(retries.outage());
    boolean doubted = false;
    while (true) {
      String trouble;
      long outagesBefore = outages.count();
      boolean duringOutage = outages.isOutage();
      try {
        Attempt<R> attempt = attemptOnce(delivery, failed, context);
        if (!(attempt instanceof Doubtful<R> doubtful)) {
          return attempt;
        }
        if (!outages.confirm()) {
          if (doubted) {
            return new Finished<>(doubtful.result());
          }
          doubted = true;
          log.info("{} would fail; looking again in {}", delivery.id(), retries.pauseAfter(1));
          pause(retries.pauseAfter(1));
          continue;
        }
        trouble = outages.outage().orElse("The store was away.");
      } catch (StorageException | KafkaException | IOException | UncheckedIOException e) {
        if (e instanceof InterruptException || !mayBeOutage(e)) {
          throw e;
        }
        duringOutage |= outages.isOutage() || outages.count() != outagesBefore;
        // Whatever met an outage used up no try, even if the outage is over by now.
        if (!outages.confirm() && !duringOutage) {
          throw e;
        }
        trouble = Failures.described(e);
      }
      log.warn("{} waits for an outage to end: {}", delivery.id(), trouble);
      handler.waits(delivery, context, trouble);
      if (!awaitEnd(patience)) {
        return new GivenBack<>(trouble);
      }
    }
  }

  private static boolean mayBeOutage(Exception failure) {
    return Outages.mayBeOutage(failure) || FullDisk.caused(failure);
  }

  private boolean awaitEnd(Instant patience) throws InterruptedException {
    while (outages.isOutage()) {
      if (Instant.now().isAfter(patience)) {
        return false;
      }
      pause(OUTAGE_PAUSE);
    }
    return true;
  }

  private Attempt<R> attemptOnce(Delivery<T> delivery, int failed, C context) throws Exception {
    Optional<R> earlier = handler.settled(delivery, context);
    if (earlier.isPresent()) {
      return new Finished<>(earlier.get());
    }
    if (failed >= retries.tries()) {
      return new Finished<>(
          handler.failed(delivery, context, ErrorCode.INTERNAL, Failures.withoutResult(failed)));
    }
    return handler.attempt(delivery, context, this::isStopped);
  }

  private AcknowledgeType tryAgain(Delivery<T> delivery, int failed, C context, Throwable failure) {
    Duration pause = retries.pauseAfter(failed);
    log.warn("{} failed at try {}; releasing it in {}", delivery.id(), failed, pause, failure);
    handler.released(delivery, context, Failures.described(failure));
    try {
      stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      log.debug("The pause of {} ends with the service", delivery.id());
    }
    return AcknowledgeType.RELEASE; // Counted as a try, even if the service stops meanwhile.
  }

  /**
   * Settles a result and waits out outages: without its result the request would be lost. A result
   * that cannot be settled for another reason is replaced by a failed one. If that fails too, it is
   * only logged: one request must not block all others forever.
   */
  private void settle(Delivery<T> delivery, C context, R result) throws InterruptedException {
    try {
      settlePatiently(delivery, context, result);
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      log.error("Cannot settle the result of {}: {}", delivery.id(), result, e);
      R failed =
          handler.failed(
              delivery,
              context,
              ErrorCode.INTERNAL,
              "The result cannot be stored or published: " + Failures.described(e));
      try {
        settlePatiently(delivery, context, failed);
      } catch (InterruptException again) {
        throw again;
      } catch (RuntimeException | Error again) {
        log.error("{} ends without a published result", delivery.id(), again);
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
        log.warn("Cannot settle the result of {} yet; retrying in {}", delivery.id(), pause, e);
      }
      boolean unused = outages.confirm(); // Meanwhile the service takes nothing else.
      pause(pause);
      pause = pause.multipliedBy(2);
      if (pause.compareTo(LONGEST_SETTLE_PAUSE) > 0) {
        pause = LONGEST_SETTLE_PAUSE;
      }
    }
  }

  /**
   * Waits even for a store that refuses all writes, since only the result remains to be written.
   */
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

  private AcknowledgeType giveBack(Delivery<T> delivery, int failed, C context, String reason) {
    // The interrupt has done its work; it must not stop the updates below.
    boolean unused = Thread.interrupted();
    log.info("Releasing {}: {}", delivery.id(), reason);
    handler.released(delivery, context, reason);
    return back(delivery, failed);
  }

  /** Gives a delivery back that is not a failed try; a release alone would count as one. */
  private AcknowledgeType back(Delivery<T> delivery, int failed) {
    if (!outages.isOutage() && despiteInterrupt(() -> countReturn(delivery))) {
      return AcknowledgeType.RELEASE;
    }
    return despiteInterrupt(() -> handOn(delivery, failed))
        ? AcknowledgeType.ACCEPT
        : AcknowledgeType.RELEASE;
  }

  /** Repeats a step that the interrupt of a stop has cut off. */
  private static boolean despiteInterrupt(BooleanSupplier step) {
    return step.getAsBoolean() || (Thread.interrupted() && step.getAsBoolean());
  }

  private boolean countReturn(Delivery<T> delivery) {
    try {
      returned.add(delivery.message());
      return true;
    } catch (StorageException e) {
      log.warn("Cannot count that {} is given back", delivery.id(), e);
      return false;
    }
  }

  /** Sends a message again, so that it has all of its deliveries; returns whether it is sent. */
  private boolean handOn(Delivery<T> delivery, int failed) {
    try {
      sender.resend(delivery.message(), failed);
      return true;
    } catch (KafkaException e) {
      log.warn("{} cannot be sent again", delivery.id(), e);
      return false;
    }
  }
}
