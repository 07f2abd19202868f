package io.refinery.trainer.service;

import io.refinery.broker.Sender;
import io.refinery.message.Topics;
import io.refinery.message.TrainingNotice;
import io.refinery.message.TrainingNotice.State;
import io.refinery.message.TrainingNotice.Step;
import io.refinery.registry.ModelVersion;
import io.refinery.storage.StorageException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a trainer says of one training. */
final class Voice {

  private static final Logger log = LoggerFactory.getLogger(Voice.class);

  private final Sender sender;
  private final Topics topics;
  private final TrainingShelf shelf;
  private final String trainer;
  private final String id;
  private final Optional<String> model;
  private final Headers cause;
  private Optional<Step> step = Optional.empty();

  /**
   * @param cause headers of the message that asked for it
   */
  Voice(
      Sender sender,
      Topics topics,
      TrainingShelf shelf,
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

  TrainingNotice notice(State state, String detail) {
    return notice(state, Instant.now(), Optional.of(detail));
  }

  TrainingNotice notice(State state, Instant at, Optional<String> detail) {
    return new TrainingNotice(
        id, state, at, model, trainer, step, Optional.empty(), Map.of(), detail);
  }

  TrainingNotice published(
      ModelVersion version, Map<String, Double> metrics, Optional<String> detail) {
    return new TrainingNotice(
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
  void tell(TrainingNotice notice) {
    sender.tell(topics.events(), id, notice.toJson(), cause);
  }

  /** Returns when the broker has the notice. */
  void send(TrainingNotice notice) throws InterruptedException {
    sender.send(topics.events(), id, notice.toJson(), cause);
  }

  /** Tells, and leaves in storage where the training stands, as well as it can. */
  void keep(TrainingNotice notice) {
    tell(notice);
    try {
      shelf.keep(notice);
    } catch (StorageException e) {
      log.warn("Where training {} stands is not in storage: {}", id, e.getMessage());
    }
  }
}
