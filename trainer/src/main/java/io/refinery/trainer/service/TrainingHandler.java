package io.refinery.trainer.service;

import io.refinery.broker.Outages;
import io.refinery.delivery.Attempt;
import io.refinery.delivery.Attempt.AnsweredElsewhere;
import io.refinery.delivery.Attempt.Doubtful;
import io.refinery.delivery.Attempt.Finished;
import io.refinery.delivery.Attempt.GivenBack;
import io.refinery.delivery.Delivery;
import io.refinery.delivery.DeliveryHandler;
import io.refinery.engine.DeviceFailedException;
import io.refinery.message.ErrorCode;
import io.refinery.message.ParsedMessage.Accepted;
import io.refinery.message.TrainingRequest;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.registry.CorruptModelException;
import io.refinery.registry.ModelNotFoundException;
import io.refinery.storage.StorageException;
import io.refinery.telemetry.Tracing;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles a trainer's deliveries of training requests. */
final class TrainingHandler
    implements DeliveryHandler<TrainingRequest, TrainingUpdate, TrainingUpdatePublisher> {

  private static final Logger log = LoggerFactory.getLogger(TrainingHandler.class);

  private final TrainingWork work;
  private final TrainingStateStore states;
  private final Function<Delivery<TrainingRequest>, TrainingUpdatePublisher> publishers;
  private final TrainingControls controls;
  private final TrainerMetrics metrics;
  private final Consumer<DeviceFailedException> lost;

  /**
   * @param publishers creates the publisher of a delivery's updates
   * @param lost called when the device fails, before the request is released
   */
  TrainingHandler(
      TrainingWork work,
      TrainingStateStore states,
      Function<Delivery<TrainingRequest>, TrainingUpdatePublisher> publishers,
      TrainingControls controls,
      TrainerMetrics metrics,
      Consumer<DeviceFailedException> lost) {
    this.work = work;
    this.states = states;
    this.publishers = publishers;
    this.controls = controls;
    this.metrics = metrics;
    this.lost = lost;
  }

  @Override
  public TrainingUpdatePublisher begin(Delivery<TrainingRequest> delivery) {
    if (delivery.content() instanceof Accepted<TrainingRequest> accepted) {
      metrics.taken(accepted.request().id(), accepted.request().model());
    }
    return publishers.apply(delivery);
  }

  @Override
  public Optional<TrainingUpdate> settled(
      Delivery<TrainingRequest> delivery, TrainingUpdatePublisher updates) {
    return request(delivery).isPresent() ? states.outcome(delivery.id()) : Optional.empty();
  }

  @Override
  public Attempt<TrainingUpdate> attempt(
      Delivery<TrainingRequest> delivery, TrainingUpdatePublisher updates, BooleanSupplier stopping)
      throws IOException {
    Optional<TrainingRequest> request = request(delivery);
    if (request.isEmpty()) {
      return new AnsweredElsewhere<>(); // By TrainingRequestHandler.
    }
    try {
      TrainingUpdate end = work.run(request.get(), delivery.at(), updates, stopping);
      return end.state() == State.RELEASED
          ? new GivenBack<>("The trainer is stopping.")
          : new Finished<>(end);
    } catch (DeviceFailedException e) {
      lost.accept(e);
      return new GivenBack<>(e.getMessage());
    } catch (ModelNotFoundException | CorruptModelException e) {
      return new Doubtful<>(updates.update(State.FAILED, e.getMessage()));
    } catch (StorageException e) {
      if (Outages.isOutage(e)) {
        throw e;
      }
      return new Doubtful<>(updates.update(State.FAILED, e.getMessage()));
    }
  }

  /** Returns the request to work on; empty if it is invalid, or its id stands for another one. */
  private Optional<TrainingRequest> request(Delivery<TrainingRequest> delivery) {
    return delivery.content() instanceof Accepted<TrainingRequest> accepted
            && !states.isAnother(accepted.request())
        ? Optional.of(accepted.request())
        : Optional.empty();
  }

  @Override
  public TrainingUpdate failed(
      Delivery<TrainingRequest> delivery,
      TrainingUpdatePublisher updates,
      ErrorCode code,
      String sentence) {
    return updates.update(State.FAILED, sentence);
  }

  @Override
  public void settle(
      Delivery<TrainingRequest> delivery, TrainingUpdatePublisher updates, TrainingUpdate mine) {
    if (!mine.state().isLast()) {
      states.keep(mine);
      updates.send(mine);
      return;
    }
    TrainingUpdate winner = states.claim(mine);
    updates.send(winner);
    if (winner.state() != State.FAILED) {
      states.clearCheckpoints(winner.trainingId());
    }
    controls.clear(winner.trainingId());
    metrics.ended(winner.state());
    describe(winner);
    log.info("Training {} has ended: {}", winner.trainingId(), winner);
  }

  /** Describes the outcome in the delivery's span. */
  private static void describe(TrainingUpdate outcome) {
    Tracing.describe("refinery.state", outcome.state().toString());
    outcome.version().ifPresent(version -> Tracing.describe("refinery.model", version.toString()));
    if (outcome.state() == State.FAILED) {
      Tracing.fail(outcome.detail().orElse(""));
    }
  }

  @Override
  public void waits(
      Delivery<TrainingRequest> delivery, TrainingUpdatePublisher updates, String reason) {
    updates.sendBestEffort(
        updates.update(State.WARNING, "Waiting for an outage to end: " + reason));
  }

  @Override
  public void released(
      Delivery<TrainingRequest> delivery, TrainingUpdatePublisher updates, String reason) {
    updates.keep(updates.update(State.RELEASED, reason));
    metrics.deliveries().givenBack();
  }

  @Override
  public void end(Delivery<TrainingRequest> delivery, TrainingUpdatePublisher updates) {
    metrics.left();
  }
}
