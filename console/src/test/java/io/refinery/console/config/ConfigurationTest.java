package io.refinery.console.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

  private static final String BOOTSTRAP = "refinery.kafka.bootstrap-servers";

  @TempDir Path folder;

  private static Configuration load(Map<String, String> flags) {
    return Configuration.load(Map.of(), Optional.empty(), Map.of(), flags);
  }

  @Test
  void anOptionalSettingThatIsNotSetIsEmptyWhateverItsType() {
    Settings settings = load(Map.of()).settings();

    assertThat(settings.trainer().start()).isEmpty();
    assertThat(settings.storage().endpoint()).isEmpty();
    assertThat(settings.kafka().bootstrapServers()).isEmpty();
    assertThat(settings.worker().allowedBuckets()).isEmpty();
    assertThat(settings.trainer().gate().maxLabelShift()).isEmpty();
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
  void anUnknownPropertyStopsTheStartNamingItItsSourceAndTheNearest() throws IOException {
    assertRefused(
        Map.of("refinery.worker.batchsize", "64"),
        "There is no setting 'refinery.worker.batchsize' (set by flag): the nearest name is"
            + " refinery.worker.batch-size.");
    Path file = Files.writeString(folder.resolve("r.properties"), "worker.engine=onnx\n");
    assertThatThrownBy(() -> Configuration.load(Map.of(), Optional.of(file), Map.of(), Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'worker.engine' (set by " + file + ")");
  }

  @Test
  void whatIsLikeNoSettingIsNotComparedWithOne() {
    assertRefused(
        Map.of("colour", "red"),
        "There is no setting 'colour' (set by flag): docs/configuration.md lists all of them.");
  }

  @Test
  void aMisspeltEnvironmentVariableIsNamed() {
    assertThatThrownBy(() -> environment("REFINERY_WORKR_ENGINE", "onnx"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "There is no setting for the environment variable REFINERY_WORKR_ENGINE: the nearest"
                + " name is REFINERY_WORKER_ENGINE.");
  }

  @ParameterizedTest
  @CsvSource({
    "refinery_worker_engine, REFINERY_WORKER_ENGINE",
    "Refinery_Worker_Engine, REFINERY_WORKER_ENGINE",
    "REFINERY-WORKER-ENGINE, REFINERY_WORKER_ENGINE",
    "refinery.worker.engine, REFINERY_WORKER_ENGINE",
    "REFINERY_JAVA_OPTS, REFINERY_JAVA_OPTIONS",
    "refinery_maven_options, REFINERY_MAVEN_OPTIONS",
    "REFINERY_HOMES, REFINERY_HOME"
  })
  void aVariableWrittenInAnotherWayIsNamed(String variable, String nearest) {
    assertThatThrownBy(() -> environment(variable, "onnx"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "There is no setting for the environment variable %s: the nearest name is %s."
                .formatted(variable, nearest));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REFINERY_HOME",
        "REFINERY_JAVA_OPTIONS",
        "REFINERY_MAVEN_OPTIONS",
        "REFINERY_KAFKA_PROPERTIES_SECURITY_PROTOCOL",
        "REFINERY_WORKER_ALLOWED_BUCKETS_0_",
        "PATH"
      })
  void whatTheLauncherAndOtherProgramsReadIsLeftToThem(String variable) {
    assertThat(environment(variable, "x").properties())
        .noneMatch(property -> property.name().startsWith("refinery.java"));
  }

  private static Configuration environment(String variable, String value) {
    return Configuration.load(Map.of(), Optional.empty(), Map.of(variable, value), Map.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "refinery.worker.status-port | many | 'many' is not a whole number",
        "refinery.kafka.replication-factor | 70000 | '70000' is not a whole number",
        "refinery.worker.limits.inflation | NaN | 'NaN' is not a number",
        "refinery.trainer.gate.max-label-shift | far | 'far' is not a number",
        "refinery.trainer.gate.better-distance | ture | 'ture' is not true or false",
        "refinery.engines.examine | maybe | 'maybe' is not one of speeds, brief, none",
        "refinery.worker.model-poll-interval | 60 | '60' is not a time such as PT30S or PT5M",
        "refinery.worker.model-poll-interval | PT0S | 'PT0S' is not a time above zero",
        "refinery.worker.limits.bytes | much | 'much' is not a size such as 64 GiB or 500 MiB",
        "refinery.worker.limits.bytes | 9999 PiB | '9999 PiB' is not a size such as 64 GiB or 500"
            + " MiB",
        "refinery.worker.limits.bytes | 0 GiB | '0 GiB' is not a size above zero",
        "refinery.worker.batch-size | 0 | '0' is not auto or a whole number of at least 1",
        "refinery.storage.endpoint | a b | 'a b' is not a URL such as http://localhost:9000",
        "refinery.storage.endpoint | store:9000 | 'store:9000' is not a URL such as"
            + " http://localhost:9000",
        "refinery.storage.endpoint | store | 'store' is not a URL such as http://localhost:9000",
        "refinery.storage.endpoint | s3://store | 's3://store' is not a URL such as"
            + " http://localhost:9000",
        "refinery.storage.endpoint | http://a_b:9000 | 'http://a_b:9000' is not a URL such as"
            + " http://localhost:9000",
        "refinery.storage.endpoint | http://store/bucket | 'http://store/bucket' is not only a"
            + " scheme, a host and a port, such as http://localhost:9000",
        "refinery.storage.endpoint | http://k:s@store | 'http://k:s@store' is not only a scheme, a"
            + " host and a port, such as http://localhost:9000",
        "refinery.kafka.bootstrap-servers | broker | 'broker' is not host:port, such as"
            + " localhost:9092",
        "refinery.kafka.bootstrap-servers | http://broker | 'http://broker' is not host:port, such"
            + " as localhost:9092",
        "refinery.kafka.bootstrap-servers | a:1,,b:2 | '' is not host:port, such as localhost:9092",
        "refinery.kafka.bootstrap-servers | a:1;b:2 | 'a:1;b:2' is not host:port, such as"
            + " localhost:9092",
        "refinery.kafka.bootstrap-servers | a:1,b:70000 | 'b:70000' does not have a port of 1 to"
            + " 65535",
        "refinery.engines.onnx.threads | 0 | '0' is not auto or a whole number of at least 1",
        "refinery.engines.onnx.tensorrt | on | 'on' is not one of auto, true, false",
        "refinery.engines.torch.convolution | quick | 'quick' is not one of auto, fast, plain",
        "refinery.engines.torch.cuda-graphs | auto | 'auto' is not true or false"
      })
  void aBadValueStopsTheStartNamingThePropertyTheValueAndItsSource(
      String name, String value, String reason) {
    assertRefused(Map.of(name, value), "%s: %s (set by flag).".formatted(name, reason));
  }

  @ParameterizedTest
  @CsvSource({"refinery.worker.device, toaster", "refinery.worker.precision, double"})
  void aBadDeviceOrPrecisionIsNamed(String name, String value) {
    assertThatThrownBy(() -> load(Map.of(name, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(name + ": '" + value + "'")
        .hasMessageEndingWith("(set by flag).");
  }

  @Test
  void aBadValueOfTheEnvironmentIsSaidToBeFromThere() {
    assertThatThrownBy(() -> environment("REFINERY_WORKER_STATUS_PORT", "many"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "refinery.worker.status-port: 'many' is not a whole number (set by environment).");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:9092",
        "a:1, b.example.org:65535",
        "[::1]:9092",
        "[fe80::1%eth0]:9092",
        "SASL_SSL://broker_1:9093"
      })
  void whatKafkaTakesForAddressesOfBrokersIsTaken(String addresses) {
    assertThat(load(Map.of(BOOTSTRAP, addresses)).settings().kafka().bootstrapServers())
        .contains(addresses);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:9000", "https://s3.example.org", "HTTP://[::1]:9000/"})
  void anAddressOfAStoreIsTaken(String address) {
    assertThat(load(Map.of("refinery.storage.endpoint", address)).settings().storage().endpoint())
        .hasToString("Optional[" + address + "]");
  }

  @Test
  void anEmptyValueIsNamed() {
    assertRefused(
        Map.of("refinery.worker.group", ""),
        "refinery.worker.group is empty (set by flag): give it a value, or leave it out.");
  }

  @Test
  void aVariableThatIsSetToNothingIsAsGoodAsNone() {
    assertThat(environment("REFINERY_STORAGE_ACCESS_KEY", "").settings().storage().accessKey())
        .isEmpty();
  }

  @Test
  void aReferenceToNothingIsNamed() {
    assertRefused(
        Map.of("refinery.worker.group", "${nothing}"),
        "refinery.worker.group: '${nothing}' refers to a property that has no value (set by"
            + " flag).");
    assertRefused(
        Map.of("refinery.kafka.properties.security.protocol", "${nothing}"),
        "refinery.kafka.properties.security.protocol: '${nothing}' refers to a property that has"
            + " no value (set by flag).");
  }

  @Test
  void sizesAndTimesHaveUnits() {
    Settings.Worker worker =
        load(Map.of(
                "refinery.worker.limits.bytes", "500 MiB",
                "refinery.worker.model-poll-interval", "PT5M"))
            .settings()
            .worker();
    assertThat(worker.limits().bytes().toBytes()).isEqualTo(500L << 20);
    assertThat(worker.modelPollInterval()).hasMinutes(5);
  }

  @Test
  void bucketsAreAListOrGivenOneByOne() {
    assertThat(allowedBuckets(Map.of("refinery.worker.allowed-buckets", "a,b")))
        .containsExactly("a", "b");
    assertThat(
            allowedBuckets(
                Map.of(
                    "refinery.worker.allowed-buckets[0]", "a",
                    "refinery.worker.allowed-buckets[1]", "b")))
        .containsExactly("a", "b");
  }

  @Test
  void aSecretThatRefersToAnotherSettingIsNotShown() {
    assertThatThrownBy(() -> load(Map.of("refinery.storage.secret-key", "hush${none}")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("refinery.storage.secret-key")
        .hasMessageNotContaining("hush");
  }

  @Test
  void aSigningKeyIsNotShown() {
    assertThat(load(Map.of("refinery.models.signing-key", "hush")).properties())
        .filteredOn(property -> property.name().equals("refinery.models.signing-key"))
        .extracting(Configuration.Property::value)
        .containsExactly("(hidden)");
  }

  private static List<String> allowedBuckets(Map<String, String> flags) {
    return load(flags).settings().worker().allowedBuckets().orElseThrow();
  }

  private static void assertRefused(Map<String, String> flags, String message) {
    assertThatThrownBy(() -> load(flags))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
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
            Map.of("refinery.worker.engine", "dl4j", "refinery.kafka.properties.a.b", "c"));

    assertThat(configuration.properties())
        .contains(
            new Configuration.Property(BOOTSTRAP, "running:1", "refinery up"),
            new Configuration.Property("refinery.worker.group", "night", file.toString()),
            new Configuration.Property("refinery.storage.secret-key", "(hidden)", "environment"),
            new Configuration.Property("refinery.worker.engine", "dl4j", "flag"),
            new Configuration.Property("refinery.kafka.properties.a.b", "c", "flag"),
            new Configuration.Property("refinery.engines.onnx.threads", "auto", "default"),
            new Configuration.Property("refinery.worker.batch-size", "auto", "default"));
  }
}
