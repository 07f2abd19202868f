package io.refinery.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.refinery.broker.BrokerConfig;
import io.refinery.broker.KafkaClients;
import io.refinery.broker.Outages;
import io.refinery.message.ParsedMessage.Accepted;
import io.refinery.storage.StorageException;
import io.refinery.storage.StorageException.Kind;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UndeliveredRequestsTest {

  private final ScriptedHandler handler = new ScriptedHandler();
  private final UndeliveredRequests<String, String, String> undelivered =
      new UndeliveredRequests<>(
          message -> new Delivery<>(message, new Accepted<>("work"), "id-1", Instant.EPOCH, 1),
          handler,
          new KafkaClients(BrokerConfig.at("unused:1"), "test"),
          "workers",
          Optional.empty());

  private static ConsumerRecord<String, byte[]> kept(String group) {
    ConsumerRecord<String, byte[]> kept =
        new ConsumerRecord<>("dlq.jobs", 0, 8, "id-1", "work".getBytes(UTF_8));
    Map.of("topic", "jobs", "partition", "0", "offset", "4", "group", group, "delivery.count", "5")
        .forEach(
            (name, value) -> kept.headers().add("__dlq.errors." + name, value.getBytes(UTF_8)));
    return kept;
  }

  @Test
  void aDroppedRequestFailsWithTheNumberOfItsDeliveries() {
    undelivered.fail(kept("workers"));

    assertThat(handler.settled).hasSize(1);
    assertThat(handler.settled.get(0)).startsWith("INTERNAL: Delivered 5 times without a result.");
    assertThat(handler.events).containsExactly("begin", "end");
  }

  @Test
  void aRequestThatHasAResultKeepsIt() {
    handler.earlier = Optional.of("succeeded");

    undelivered.fail(kept("workers"));

    assertThat(handler.settled).containsExactly("succeeded");
  }

  @Test
  void aRequestOfAnotherGroupIsLeftAlone() {
    undelivered.fail(kept("others"));

    assertThat(handler.settled).isEmpty();
    assertThat(handler.events).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"UNAVAILABLE", "FULL", "DENIED"})
  void aStoreThatIsAwayOrRefusesIsWaitedFor(Kind kind) {
    handler.settling.add(
        () -> {
          throw new StorageException(kind, "not now");
        });

    assertThatExceptionOfType(KafkaException.class)
        .isThrownBy(() -> undelivered.fail(kept("workers")))
        .satisfies(e -> assertThat(Outages.isOutage(e)).isTrue());
    assertThat(handler.events).containsExactly("begin", "end");

    undelivered.fail(kept("workers"));
    assertThat(handler.settled).hasSize(1);
  }
}
