package io.refinery.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class PortsTest {

  private final Properties remembered = new Properties();

  private static ServerSocket taken() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @Test
  void aChosenPortIsRemembered() throws IOException {
    int first = new Ports(remembered).choose("s3.port", 0);

    assertThat(new Ports(remembered).choose("s3.port", 0)).isEqualTo(first);
  }

  @Test
  void aRememberedPortInUseIsReplacedByAFreeOne() throws IOException {
    try (ServerSocket taken = taken()) {
      remembered.setProperty("s3.port", Integer.toString(taken.getLocalPort()));

      int port = new Ports(remembered).choose("s3.port", 0);

      assertThat(port).isNotEqualTo(taken.getLocalPort());
      assertThat(remembered).containsEntry("s3.port", Integer.toString(port));
    }
  }

  @Test
  void aRequestedPortIsNeverReplaced() throws IOException {
    try (ServerSocket taken = taken()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> new Ports(remembered).choose("s3.port", taken.getLocalPort()))
          .withMessageContainingAll("s3.port", Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void twoNamesNeverGetTheSamePort() throws IOException {
    Ports ports = new Ports(remembered);
    int first = ports.choose("first", 0);
    remembered.setProperty("second", Integer.toString(first));

    assertThat(ports.choose("second", 0)).isNotEqualTo(first);
  }
}
