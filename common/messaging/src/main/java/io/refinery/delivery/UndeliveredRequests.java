package io.refinery.delivery;

import io.refinery.broker.KafkaClients;
import io.refinery.broker.RecordListener;
import io.refinery.broker.UndeliveredRecord;
import io.refinery.message.ErrorCode;
import io.refinery.storage.StorageException;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fails the requests whose messages a broker has dropped after their last delivery: every process
 * that received one died before it could send a copy.
 *
 * <p>They are read with an ordinary consumer group. A share group would drop a message again, after
 * as many deliveries.
 *
 * @param <T> what a valid message asks for
 * @param <R> a result
 * @param <C> what the service keeps about a delivery while processing it
 */
public final class UndeliveredRequests<T, R, C> implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(UndeliveredRequests.class);

  private final Function<ConsumerRecord<String, byte[]>, Delivery<T>> reader;
  private final DeliveryHandler<T, R, C> handler;
  private final String group;
  private final Optional<RecordListener> listener;

  /**
   * @param reader reads a message as it was on its topic
   * @param handler settles the failed results
   * @param clients create the consumer
   * @param group the share group from which the messages were dropped
   * @param topic where the broker keeps them; empty if it does not
   */
  public UndeliveredRequests(
      Function<ConsumerRecord<String, byte[]>, Delivery<T>> reader,
      DeliveryHandler<T, R, C> handler,
      KafkaClients clients,
      String group,
      Optional<String> topic) {
    this.reader = reader;
    this.handler = handler;
    this.group = group;
    this.listener =
        topic.map(
            name ->
                new RecordListener(
                    "refinery-undelivered",
                    () -> clients.subscriber(group + "-undelivered", name),
                    true,
                    this::fail));
  }

  public UndeliveredRequests<T, R, C> start() {
    listener.ifPresent(RecordListener::start);
    return this;
  }

  /** Returns whether dropped messages still get results. */
  public boolean isAlive() {
    return listener.map(RecordListener::isAlive).orElse(true);
  }

  /** Fails the request of a dropped message unless it has a result, which is then repeated. */
  void fail(ConsumerRecord<String, byte[]> kept) {
    Optional<UndeliveredRecord> dropped = UndeliveredRecord.of(kept, group);
    if (dropped.isPresent()) {
      fail(reader.apply(dropped.get().original()), dropped.get().deliveries());
    }
  }

  private void fail(Delivery<T> delivery, int deliveries) {
    log.warn("The broker has dropped {} after {} deliveries", delivery.id(), deliveries);
    C context = handler.begin(delivery);
    try {
      R result =
          handler
              .settled(delivery, context)
              .orElseGet(
                  () ->
                      handler.failed(
                          delivery,
                          context,
                          ErrorCode.INTERNAL,
                          Failures.withoutResult(deliveries)));
      handler.settle(delivery, context, result);
    } catch (StorageException e) {
      if (e.kind() == StorageException.Kind.TOO_LARGE) {
        throw e;
      }
      // As for any result, even a store that refuses is waited for.
      throw new KafkaException("The result of " + delivery.id() + " cannot be stored yet", e);
    } finally {
      handler.end(delivery, context);
    }
  }

  @Override
  public void close() {
    listener.ifPresent(RecordListener::close);
  }
}
