package io.refinery.trainer.service;

import io.refinery.broker.MessageSender;
import io.refinery.message.Topics;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.message.TrainingUpdate.Step;
import io.refinery.registry.ModelVersion;
import io.refinery.storage.StorageException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates and publishes the status updates of one training. */
final class TrainingUpdatePublisher {

  private static final Logger log = LoggerFactory.getLogger(TrainingUpdatePublisher.class);

  private final MessageSender sender;
  private final Topics topics;
  private final TrainingStateStore states;
  private final String trainer;
  private final String id;
  private final Optional<String> model;
  private final Headers cause;
  private Optional<Step> step = Optional.empty();

  /**
   * @param cause the headers of the message that requested the training
   */
  TrainingUpdatePublisher(
      MessageSender sender,
      Topics topics,
      TrainingStateStore states,
      String trainer,
      String id,
      Optional<String> model,
      Headers cause) {
    this.sender = sender;
    this.topics = topics;
    this.states = states;
    this.trainer = trainer;
    this.id = id;
    this.model = model;
    this.cause = cause;
  }

  /** Sets the step of later updates. */
  void at(Step last) {
    step = Optional.of(last);
  }

  TrainingUpdate update(State state, String detail) {
    return update(state, Instant.now(), Optional.of(detail));
  }

  TrainingUpdate update(State state, Instant at, Optional<String> detail) {
    return new TrainingUpdate(
        id, state, at, model, trainer, step, Optional.empty(), Map.of(), detail);
  }

  TrainingUpdate published(
      ModelVersion version, Map<String, Double> metrics, Optional<String> detail) {
    return new TrainingUpdate(
        id,
        State.PUBLISHED,
        Instant.now(),
        model,
        trainer,
        step,
        Optional.of(version),
        metrics,
        detail);
  }

  /** Returns at once; a failure is only logged. */
  void sendBestEffort(TrainingUpdate update) {
    sender.sendBestEffort(topics.events(), id, update.toJson(), cause);
  }

  /** Returns when the broker has stored the update. */
  void send(TrainingUpdate update) {
    sender.send(topics.events(), id, update.toJson(), cause);
  }

  /** Sends an update and stores it as the training's state, both on a best-effort basis. */
  void keep(TrainingUpdate update) {
    sendBestEffort(update);
    try {
      states.keep(update);
    } catch (StorageException e) {
      log.warn("Cannot store the state of training {}: {}", id, e.getMessage());
    }
  }
}
