package io.refinery.console.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.console.config.Configuration;
import io.refinery.console.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionsTest {

  @TempDir private Path folder;

  @Test
  void kafkaClientsUseTlsByTheirOwnProperties() throws Exception {
    Path certificate = certificate();
    Map<String, String> settings =
        Map.of(
            "refinery.kafka.properties.security.protocol", "SSL",
            "refinery.kafka.properties.ssl.truststore.type", "PEM",
            "refinery.kafka.properties.ssl.truststore.location", certificate.toString());
    try (Connections connections = open(settings)) {
      assertThat(connections.kafka())
          .containsEntry("security.protocol", "SSL")
          .containsEntry("ssl.truststore.location", certificate.toString());
      connections.admin().close();

      Files.writeString(certificate, "not a certificate");
      assertThatThrownBy(() -> Admin.create(connections.kafka()))
          .isInstanceOf(KafkaException.class)
          .rootCause()
          .hasMessageContaining("PEM");
    }
  }

  @Test
  void aSourceOfKeysThatLacksSomethingIsNamed() {
    assertThatThrownBy(() -> open(Map.of("refinery.storage.credentials", "file")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("refinery.storage.credentials=file needs refinery.storage.credentials-file.");
    assertThatThrownBy(() -> open(Map.of("refinery.storage.credentials", "magic")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("refinery.storage.credentials", "'magic'", "web-identity");
  }

  @Test
  void certificatesThatCannotBeReadAreNamed() {
    Path missing = folder.resolve("missing.pem");
    assertThatThrownBy(
            () ->
                open(
                    Map.of(
                        "refinery.storage.endpoint",
                        "https://127.0.0.1:1",
                        "refinery.storage.certificates",
                        missing.toString())))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(missing.toString());
  }

  private static Connections open(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("refinery.kafka.bootstrap-servers", "127.0.0.1:1");
    settings.put("refinery.storage.endpoint", "http://127.0.0.1:1");
    settings.put("refinery.storage.access-key", "key");
    settings.put("refinery.storage.secret-key", "secret");
    settings.putAll(more);
    return Connections.open(
        Configuration.load(Map.of(), Optional.empty(), Map.of(), settings).settings());
  }

  private Path certificate() throws IOException, InterruptedException {
    Path store = folder.resolve("store.p12");
    Path pem = folder.resolve("broker-ca.pem");
    keytool(store, "-genkeypair", "-alias", "key", "-keyalg", "EC", "-dname", "CN=broker");
    keytool(store, "-exportcert", "-rfc", "-alias", "key", "-file", pem.toString());
    return pem;
  }

  private static void keytool(Path store, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder process =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    process.command().addAll(List.of(command));
    process.command().addAll(List.of("-keystore", store.toString(), "-storepass", "password"));
    assertThat(process.inheritIO().start().waitFor()).isZero();
  }
}
