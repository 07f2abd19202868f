package io.refinery.trainer.service;

import io.refinery.broker.MessageSender;
import io.refinery.message.Topics;
import io.refinery.message.TrainingMessage;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Answers what needs no training, while every trainer may be busy: requests as they arrive, those
 * that are none, and the end of trainings that are paused.
 */
final class TrainingRequestHandler {

  private final MessageSender sender;
  private final Topics topics;
  private final TrainingStateStore shelf;
  private final String trainer;

  TrainingRequestHandler(
      MessageSender sender, Topics topics, TrainingStateStore shelf, String trainer) {
    this.sender = sender;
    this.topics = topics;
    this.shelf = shelf;
    this.trainer = trainer;
  }

  /** Says of a request that it waits, or what is wrong with it. */
  void receive(ConsumerRecord<String, byte[]> message) throws InterruptedException {
    RequestDelivery delivery = RequestDelivery.of(message);
    if (delivery.content() instanceof TrainingMessage.Accepted accepted) {
      shelf.keep(accepted.order(), delivery.at());
      TrainingUpdatePublisher voice =
          voice(delivery.id(), Optional.of(accepted.order().model()), message.headers());
      voice.send(voice.notice(State.QUEUED, delivery.at(), Optional.empty()));
    } else if (delivery.content() instanceof TrainingMessage.Rejected rejected) {
      sender.bury(topics.dead(), delivery.id(), message, rejected.code(), rejected.message());
      TrainingUpdatePublisher voice = voice(delivery.id(), Optional.empty(), message.headers());
      voice.send(voice.notice(State.FAILED, rejected.message()));
    }
  }

  /** Ends a training that is paused; one that runs or waits is ended by whoever has its request. */
  void cancel(String id, Instant at) throws InterruptedException {
    Optional<TrainingUpdate> paused = shelf.paused(id, at);
    if (paused.isEmpty()) {
      return;
    }
    TrainingUpdatePublisher voice = voice(id, paused.get().model(), new RecordHeaders());
    paused.get().step().ifPresent(voice::at);
    TrainingUpdate mine = voice.notice(State.CANCELLED, "It was paused.");
    if (shelf.claim(mine).equals(mine)) {
      shelf.clearCheckpoints(id);
      voice.send(mine);
    }
  }

  private TrainingUpdatePublisher voice(String id, Optional<String> model, Headers cause) {
    return new TrainingUpdatePublisher(sender, topics, shelf, trainer, id, model, cause);
  }
}
