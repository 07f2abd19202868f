package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.message.Topics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.UUID;
import javax.management.ObjectName;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {

  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");

  @Test
  void aConsumerWhoseSetUpFailsIsClosed() {
    TimeoutException failure = new TimeoutException("The broker is away");
    assertThatThrownBy(
            () ->
                KafkaClients.configured(
                    consumer,
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void aConsumerWhoseSetUpRunsOutOfMemoryIsClosed() {
    OutOfMemoryError failure = new OutOfMemoryError("Java heap space");
    assertThatThrownBy(
            () ->
                KafkaClients.configured(
                    consumer,
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void aConsumerThatIsSetUpStaysOpen() {
    assertThat(KafkaClients.configured(consumer, () -> {})).isSameAs(consumer);
    assertThat(consumer.closed()).isFalse();
  }

  @Test
  void noConsumerStaysBehindWhileTheBrokerIsAway() throws Exception {
    String name = "cut-off-" + UUID.randomUUID();
    Map<String, Object> properties =
        Map.of(
            "bootstrap.servers",
            "127.0.0.1:" + closedPort(),
            "default.api.timeout.ms",
            100,
            "request.timeout.ms",
            50);
    KafkaClients clients =
        new KafkaClients(new BrokerConfig(properties, Topics.DEFAULT, 1, (short) 1), name);

    assertThatThrownBy(() -> close(clients.fromNow("models"))).isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> close(clients.fromBeginning("models")))
        .isInstanceOf(TimeoutException.class);

    ObjectName open = new ObjectName("kafka.consumer:type=app-info,id=" + name + "-models");
    assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(open, null)).isEmpty();
  }

  private static void close(Consumer<String, byte[]> unexpected) {
    unexpected.close();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
