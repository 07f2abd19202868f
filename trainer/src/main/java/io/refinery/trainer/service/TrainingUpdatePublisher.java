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

/** What a trainer says of one training. */
final class TrainingUpdatePublisher {

  private static final Logger log = LoggerFactory.getLogger(TrainingUpdatePublisher.class);

  private final MessageSender sender;
  private final Topics topics;
  private final TrainingStateStore shelf;
  private final String trainer;
  private final String id;
  private final Optional<String> model;
  private final Headers cause;
  private Optional<Step> step = Optional.empty();

  /**
   * @param cause headers of the message that asked for it
   */
  TrainingUpdatePublisher(
      MessageSender sender,
      Topics topics,
      TrainingStateStore shelf,
      String trainer,
      String id,
      Optional<String> model,
      Headers cause) {
    this.sender = sender;
    this.topics = topics;
    this.shelf = shelf;
    this.trainer = trainer;
    this.id = id;
    this.model = model;
    this.cause = cause;
  }

  /** The step that notices speak of from now on. */
  void at(Step last) {
    step = Optional.of(last);
  }

  TrainingUpdate notice(State state, String detail) {
    return notice(state, Instant.now(), Optional.of(detail));
  }

  TrainingUpdate notice(State state, Instant at, Optional<String> detail) {
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

  /** As well as it can: a notice that cannot be sent is only logged. */
  void tell(TrainingUpdate notice) {
    sender.tell(topics.events(), id, notice.toJson(), cause);
  }

  /** Returns when the broker has the notice. */
  void send(TrainingUpdate notice) throws InterruptedException {
    sender.send(topics.events(), id, notice.toJson(), cause);
  }

  /** Tells, and leaves in storage where the training stands, as well as it can. */
  void keep(TrainingUpdate notice) {
    tell(notice);
    try {
      shelf.keep(notice);
    } catch (StorageException e) {
      log.warn("Where training {} stands is not in storage: {}", id, e.getMessage());
    }
  }
}
