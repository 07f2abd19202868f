package io.refinery.trainer.service;

import io.refinery.broker.MessageSender;
import io.refinery.delivery.Delivery;
import io.refinery.message.ErrorCode;
import io.refinery.message.ParsedMessage.Accepted;
import io.refinery.message.ParsedMessage.Rejected;
import io.refinery.message.Topics;
import io.refinery.message.TrainingRequest;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Handles messages that need no training, even if all trainers are busy: new requests, invalid
 * ones, and cancellations of paused trainings.
 */
final class TrainingRequestHandler {

  private final MessageSender sender;
  private final Topics topics;
  private final TrainingStateStore states;
  private final String trainer;

  TrainingRequestHandler(
      MessageSender sender, Topics topics, TrainingStateStore states, String trainer) {
    this.sender = sender;
    this.topics = topics;
    this.states = states;
    this.trainer = trainer;
  }

  static Delivery<TrainingRequest> delivery(ConsumerRecord<String, byte[]> message) {
    return Delivery.of(message, "training", TrainingRequest::read, TrainingRequest::id);
  }

  /** Reports that a request is waiting, or why it is refused. */
  void receive(ConsumerRecord<String, byte[]> message) {
    Delivery<TrainingRequest> delivery = delivery(message);
    TrainingUpdatePublisher updates = updates(delivery);
    if (delivery.content() instanceof Rejected<TrainingRequest> rejected) {
      sender.sendToDeadLetter(
          topics.dead(), delivery.id(), message, rejected.code(), rejected.message());
      // A training that has this id has not failed.
      State state = states.request(delivery.id()).isPresent() ? State.REFUSED : State.FAILED;
      updates.send(updates.update(state, rejected.message()));
      return;
    }
    if (states.keep(((Accepted<TrainingRequest>) delivery.content()).request(), delivery.at())) {
      updates.send(updates.update(State.QUEUED, delivery.at(), Optional.empty()));
    } else {
      refuse(delivery, updates);
    }
  }

  /** Refuses a request whose id stands for another one, which it must neither end nor replace. */
  private void refuse(Delivery<TrainingRequest> delivery, TrainingUpdatePublisher updates) {
    String sentence =
        "The id '%s' already stands for a training that was requested with other data, model or plan. Use another id."
            .formatted(delivery.id());
    sender.sendToDeadLetter(
        topics.dead(), delivery.id(), delivery.message(), ErrorCode.ID_ALREADY_USED, sentence);
    updates.send(updates.update(State.REFUSED, sentence));
  }

  /**
   * Cancels a paused training, or removes the checkpoints of a failed one. A running or waiting one
   * is cancelled by the trainer that has its request.
   *
   * @return whether the training has ended, so that the cancellation has taken effect
   */
  boolean cancel(String id, Instant at) {
    Optional<TrainingUpdate> outcome = states.outcome(id);
    if (outcome.isPresent()) {
      if (outcome.get().state() == State.FAILED) {
        states.clearCheckpoints(id);
      }
      return true;
    }
    Optional<TrainingUpdate> paused = states.paused(id, at);
    if (paused.isEmpty()) {
      return false;
    }
    TrainingUpdatePublisher updates = updates(id, paused.get().model(), new RecordHeaders());
    paused.get().step().ifPresent(updates::at);
    TrainingUpdate mine = updates.update(State.CANCELLED, "Cancelled while paused.");
    if (states.claim(mine).equals(mine)) {
      states.clearCheckpoints(id);
      updates.send(mine);
    }
    return true;
  }

  /** Returns the publisher of a delivery's updates. */
  TrainingUpdatePublisher updates(Delivery<TrainingRequest> delivery) {
    Optional<String> model =
        delivery.content() instanceof Accepted<TrainingRequest> accepted
            ? Optional.of(accepted.request().model())
            : Optional.empty();
    return updates(delivery.id(), model, delivery.message().headers());
  }

  private TrainingUpdatePublisher updates(String id, Optional<String> model, Headers cause) {
    return new TrainingUpdatePublisher(sender, topics, states, trainer, id, model, cause);
  }
}
