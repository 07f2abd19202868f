package io.refinery.console.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {

  private static final String BOOTSTRAP = "refinery.kafka.bootstrap-servers";

  @TempDir Path folder;

  private static Configuration load(Map<String, String> flags) {
    return Configuration.load(Map.of(), Optional.empty(), Map.of(), flags);
  }

  @Test
  void everyDefaultIsAsDocumented() {
    Settings settings = load(Map.of()).settings();

    assertThat(settings.home()).isEqualTo(Path.of(System.getProperty("user.home"), ".refinery"));
    assertThat(settings.kafka().bootstrapServers()).isEmpty();
    assertThat(settings.kafka().topicPrefix()).isEqualTo("refinery.");
    assertThat(settings.kafka().jobPartitions()).isEqualTo(1);
    assertThat(settings.storage().region()).isEqualTo("us-east-1");
    assertThat(settings.storage().bucket()).isEqualTo("refinery");
    assertThat(settings.engines().examine()).isEqualTo(Settings.Engines.Examine.SPEEDS);
    assertThat(settings.worker().engine()).isEqualTo("auto");
    assertThat(settings.worker().device()).isEqualTo("cpu");
    assertThat(settings.worker().precision()).isEqualTo("full");
    assertThat(settings.worker().batchSize()).isEqualTo("auto");
    assertThat(settings.worker().modelPollInterval()).hasSeconds(60);
    assertThat(settings.worker().limits().bytes()).isEqualTo(64L << 30);
    assertThat(settings.trainer().engine()).isEqualTo("auto");
    assertThat(settings.trainer().gate().channel()).isEqualTo("stable");
    assertThat(settings.trainer().gate().maxLabelShift()).isEmpty();
    assertThat(settings.trainer().gate().betterDistance()).isFalse();
  }

  @Test
  void aFlagBeatsTheEnvironmentWhichBeatsTheFileWhichBeatsARunningSystem() throws IOException {
    Path file = Files.writeString(folder.resolve("r.properties"), BOOTSTRAP + "=file:1\n");
    Map<String, String> running = Map.of(BOOTSTRAP, "running:1");
    Map<String, String> environment = Map.of("REFINERY_KAFKA_BOOTSTRAP_SERVERS", "env:1");
    Map<String, String> flags = Map.of(BOOTSTRAP, "flag:1");

    assertThat(bootstrap(running, Optional.empty(), Map.of(), Map.of())).isEqualTo("running:1");
    assertThat(bootstrap(running, Optional.of(file), Map.of(), Map.of())).isEqualTo("file:1");
    assertThat(bootstrap(running, Optional.of(file), environment, Map.of())).isEqualTo("env:1");
    assertThat(bootstrap(running, Optional.of(file), environment, flags)).isEqualTo("flag:1");
  }

  private static String bootstrap(
      Map<String, String> running,
      Optional<Path> file,
      Map<String, String> environment,
      Map<String, String> flags) {
    return Configuration.load(running, file, environment, flags)
        .settings()
        .kafka()
        .bootstrapServers()
        .orElseThrow();
  }

  @Test
  void anUnknownPropertyStopsTheStartNamingIt() {
    assertThatThrownBy(() -> load(Map.of("refinery.worker.batchsize", "64")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "There is no setting 'refinery.worker.batchsize', which the flag gives:"
                + " `refinery config` lists those there are.");
  }

  @Test
  void aBadValueStopsTheStartNamingThePropertyAndTheValue() {
    assertThatThrownBy(() -> load(Map.of("refinery.worker.status-port", "many")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("refinery.worker.status-port: Expected an integer value, got \"many\"");
  }

  @Test
  void aChoiceThatThereIsNotIsNamedBesideThoseThatThereAre() {
    assertThatThrownBy(() -> load(Map.of("refinery.engines.examine", "maybe")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("refinery.engines.examine: 'maybe' is none of brief, none, speeds");
  }

  @Test
  void aConfigurationFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("missing.properties");
    assertThatThrownBy(() -> Configuration.load(Map.of(), Optional.of(missing), Map.of(), Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("missing.properties");
  }

  @Test
  void furtherKafkaPropertiesReachTheClients() {
    Settings settings =
        load(Map.of("refinery.kafka.properties.security.protocol", "SSL")).settings();
    assertThat(settings.kafka().properties()).containsEntry("security.protocol", "SSL");
  }

  @Test
  void propertiesSayWhereTheyAreFromAndHideSecrets() throws IOException {
    Path file = Files.writeString(folder.resolve("r.properties"), "refinery.worker.group=night\n");
    Configuration configuration =
        Configuration.load(
            Map.of(BOOTSTRAP, "running:1"),
            Optional.of(file),
            Map.of("REFINERY_STORAGE_SECRET_KEY", "hush"),
            Map.of("refinery.worker.engine", "dl4j"));

    assertThat(configuration.properties())
        .contains(
            new Configuration.Property(BOOTSTRAP, "running:1", "refinery up"),
            new Configuration.Property("refinery.worker.group", "night", file.toString()),
            new Configuration.Property("refinery.storage.secret-key", "(hidden)", "environment"),
            new Configuration.Property("refinery.worker.engine", "dl4j", "flag"),
            new Configuration.Property("refinery.worker.batch-size", "auto", "default"));
  }
}
