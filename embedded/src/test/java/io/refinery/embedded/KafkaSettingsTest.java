package io.refinery.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class KafkaSettingsTest {

  @Test
  void oneNodeKeepsOneCopyOfEverything() {
    Properties node = new KafkaSettings(Path.of("data"), List.of(1), List.of(2)).ofNode(0);

    assertThat(node)
        .containsEntry("offsets.topic.replication.factor", "1")
        .containsEntry("share.coordinator.state.topic.replication.factor", "1")
        .containsEntry("share.coordinator.state.topic.min.isr", "1");
  }

  @Test
  void threeNodesKeepThreeCopiesAndSurviveTheLossOfOne() {
    KafkaSettings settings = new KafkaSettings(Path.of("data"), List.of(1, 2, 3), List.of(4, 5, 6));

    assertThat(settings.bootstrapServers()).isEqualTo("127.0.0.1:1,127.0.0.1:2,127.0.0.1:3");
    assertThat(settings.ofNode(2))
        .containsEntry("node.id", "3")
        .containsEntry("controller.quorum.voters", "1@127.0.0.1:4,2@127.0.0.1:5,3@127.0.0.1:6")
        .containsEntry("advertised.listeners", "PLAINTEXT://127.0.0.1:3")
        .containsEntry("share.coordinator.state.topic.replication.factor", "3")
        .containsEntry("share.coordinator.state.topic.min.isr", "2");
  }

  @Test
  void theFirstBrokerUsesTheRequestedPort() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }

    KafkaSettings settings =
        KafkaSettings.choose(
            Path.of("data"), new Ports(new Properties()), new ServerOptions(1, free, 0));

    assertThat(settings.brokerPorts()).containsExactly(free);
  }

  @Test
  void invalidOptionsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ServerOptions(0, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new ServerOptions(10, 0, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ServerOptions(1, 65_536, 0))
        .withMessageContaining("65536");
  }
}
