package io.refinery.delivery;

import io.refinery.message.ErrorCode;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What one service does with the deliveries of its topic; {@link DeliveryRunner} does the rest.
 * Used by many threads, each with a delivery of its own.
 *
 * @param <T> what a valid message asks for
 * @param <R> a result
 * @param <C> what the service keeps of one delivery while it is in hand
 */
public interface DeliveryHandler<T, R, C> {

  /** A delivery begins. */
  C begin(Delivery<T> delivery);

  /** The result of a request that was settled before, so that it is not worked on again. */
  Optional<R> settled(Delivery<T> delivery, C context);

  /**
   * Works on the request.
   *
   * @param stopping whether the service stops, so that the work is to be given back
   * @throws Exception an outage of broker or store, or any other failure that another try may mend
   */
  Attempt<R> attempt(Delivery<T> delivery, C context, BooleanSupplier stopping) throws Exception;

  /** The result of a request that is given up. */
  R failed(Delivery<T> delivery, C context, ErrorCode code, String sentence);

  /**
   * Makes a result final and publishes it; called again after an outage.
   *
   * @throws RuntimeException when it is not published yet
   */
  void settle(Delivery<T> delivery, C context, R result);

  /** An outage is waited out with the request in hand. */
  void waits(Delivery<T> delivery, C context, String reason);

  /** The request is given back, to be delivered again. */
  void released(Delivery<T> delivery, C context, String reason);

  /** The delivery is over, whatever came of it. */
  void end(Delivery<T> delivery, C context);
}
