package io.refinery.delivery;

import io.refinery.message.ErrorCode;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The part of delivery that is specific to a service; {@link DeliveryRunner} does the rest. Used by
 * many threads, each with its own delivery.
 *
 * @param <T> what a valid message asks for
 * @param <R> a result
 * @param <C> what the service keeps about a delivery while processing it
 */
public interface DeliveryHandler<T, R, C> {

  /** Called when a delivery begins. */
  C begin(Delivery<T> delivery);

  /** Returns the result of a request that was already settled, so that it is not repeated. */
  Optional<R> settled(Delivery<T> delivery, C context);

  /**
   * Works on the request.
   *
   * @param stopping returns whether the service is stopping, so that the request must be released
   * @throws Exception on an outage of broker or store, or any other failure that a retry may fix
   */
  Attempt<R> attempt(Delivery<T> delivery, C context, BooleanSupplier stopping) throws Exception;

  /** Returns the result of a request that has failed permanently. */
  R failed(Delivery<T> delivery, C context, ErrorCode code, String sentence);

  /**
   * Makes a result final and publishes it; called again after an outage.
   *
   * @throws RuntimeException when it is not published yet
   */
  void settle(Delivery<T> delivery, C context, R result);

  /** Called when an outage is waited out while the request stays with this service. */
  void waits(Delivery<T> delivery, C context, String reason);

  /** Called when the request is released, to be delivered again. */
  void released(Delivery<T> delivery, C context, String reason);

  /** Called when the delivery has ended, whatever the outcome. */
  void end(Delivery<T> delivery, C context);
}
