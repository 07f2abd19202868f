package io.refinery.console.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every setting with its default, here and in the documentation. */
class SettingsDefaultsTest {

  private static final String NONE = "";

  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          entry("refinery.home", "${user.home}/.refinery"),
          entry("refinery.kafka.bootstrap-servers", NONE),
          entry("refinery.kafka.topic-prefix", "refinery."),
          entry("refinery.kafka.job-partitions", "0"),
          entry("refinery.kafka.replication-factor", "1"),
          entry("refinery.kafka.properties.*", NONE),
          entry("refinery.storage.endpoint", NONE),
          entry("refinery.storage.region", "us-east-1"),
          entry("refinery.storage.access-key", NONE),
          entry("refinery.storage.secret-key", NONE),
          entry("refinery.storage.credentials", "static"),
          entry("refinery.storage.credentials-file", NONE),
          entry("refinery.storage.sts-endpoint", NONE),
          entry("refinery.storage.certificates", NONE),
          entry("refinery.storage.bucket", "refinery"),
          entry("refinery.worker.engine", "auto"),
          entry("refinery.worker.device", "cpu"),
          entry("refinery.worker.precision", "full"),
          entry("refinery.worker.batch-size", "auto"),
          entry("refinery.worker.group", "refinery-workers"),
          entry("refinery.worker.allowed-buckets", NONE),
          entry("refinery.worker.model-poll-interval", "PT60S"),
          entry("refinery.worker.warm", "eyes@stable"),
          entry("refinery.worker.time-limit", NONE),
          entry("refinery.worker.stall-limit", "PT10M"),
          entry("refinery.worker.status-port", "0"),
          entry("refinery.worker.status-address", "127.0.0.1"),
          entry("refinery.worker.limits.bytes", "64 GiB"),
          entry("refinery.worker.limits.side", "4096"),
          entry("refinery.worker.limits.pixels", "auto"),
          entry("refinery.worker.limits.images", "10000000"),
          entry("refinery.worker.limits.inflation", "1000"),
          entry("refinery.trainer.engine", "auto"),
          entry("refinery.trainer.device", "cpu"),
          entry("refinery.trainer.group", "refinery-trainers"),
          entry("refinery.trainer.allowed-buckets", NONE),
          entry("refinery.trainer.status-port", "0"),
          entry("refinery.trainer.status-address", "127.0.0.1"),
          entry("refinery.trainer.start", NONE),
          entry("refinery.trainer.gate.channel", "stable"),
          entry("refinery.trainer.gate.max-label-shift", NONE),
          entry("refinery.trainer.gate.better-distance", "false"),
          entry("refinery.exporter.status-port", "9102"),
          entry("refinery.exporter.status-address", "127.0.0.1"),
          entry("refinery.exporter.interval", "PT5S"),
          entry("refinery.cleaning.age", "PT24H"),
          entry("refinery.cleaning.interval", "PT6H"),
          entry("refinery.models.signing-key-file", NONE),
          entry("refinery.models.signing-key", NONE),
          entry("refinery.models.trusted-keys", NONE),
          entry("refinery.log.format", "text"),
          entry("refinery.log.level", "warn"),
          entry("refinery.tracing", "auto"),
          entry("refinery.engines.examine", "speeds"),
          entry("refinery.engines.onnx.threads", "auto"),
          entry("refinery.engines.onnx.spinning", "auto"),
          entry("refinery.engines.onnx.micro-batch", "auto"),
          entry("refinery.engines.onnx.tensorrt", "auto"),
          entry("refinery.engines.onnx.channels-last", "auto"),
          entry("refinery.engines.torch.threads", "auto"),
          entry("refinery.engines.torch.micro-batch", "auto"),
          entry("refinery.engines.torch.convolution", "auto"),
          entry("refinery.engines.torch.channels-last", "true"),
          entry("refinery.engines.torch.cudnn-benchmark", "true"),
          entry("refinery.engines.torch.pinned-memory", "true"),
          entry("refinery.engines.torch.overlap-copies", "true"),
          entry("refinery.engines.torch.cuda-graphs", "false"),
          entry("refinery.engines.torch.fused-convolutions", "false"),
          entry("refinery.engines.torch.training-tf32", "false"),
          entry("refinery.engines.torch.training-deterministic", "true"),
          entry("refinery.engines.dl4j.micro-batch", "auto"));

  private static final String DOCUMENT = "docs/configuration.md";
  private static final Pattern NAME = Pattern.compile("`(refinery\\.[a-z0-9.*-]+)`");

  @Test
  void everySettingHasItsDefault() {
    Map<String, String> actual = new TreeMap<>();
    SettingNames.MAPPING
        .getProperties()
        .forEach((name, value) -> actual.put(name, value == null ? NONE : value));
    // SmallRye has a list's elements as names of their own.
    actual.keySet().removeIf(name -> name.endsWith("[*]"));
    assertThat(actual).containsExactlyInAnyOrderEntriesOf(DEFAULTS);
  }

  @Test
  void theDocumentationNamesEverySettingWithItsDefault() throws IOException {
    Map<String, String> documented = documented();
    assertThat(documented.keySet()).containsExactlyInAnyOrderElementsOf(DEFAULTS.keySet());
    DEFAULTS.forEach(
        (name, value) -> {
          String cell = documented.get(name);
          if (value.equals(NONE)) {
            assertThat(cell).as(name).doesNotContain("`");
          } else {
            String shown = value.replace("${user.home}", "~");
            assertThat(cell).as(name).isIn(shown, "`" + shown + "`");
          }
        });
  }

  @Test
  void theLimitsAreThoseOfBundles() {
    Settings.Worker.Limits limits =
        Configuration.load(Map.of(), Optional.empty(), Map.of(), Map.of())
            .settings()
            .worker()
            .limits();
    assertThat(
            new BundleLimits(
                limits.bytes().toBytes(), limits.side(), limits.images(), limits.inflation()))
        .isEqualTo(BundleLimits.DEFAULT);
  }

  /** The second cell of each row by the names in the first. */
  private static Map<String, String> documented() throws IOException {
    Map<String, String> defaults = new TreeMap<>();
    for (String line : Files.readAllLines(document())) {
      if (line.startsWith("| `refinery.")) {
        String[] cells = Arrays.stream(line.split("\\|")).map(String::strip).toArray(String[]::new);
        Matcher names = NAME.matcher(cells[1]);
        while (names.find()) {
          assertThat(defaults.put(names.group(1), cells[2])).as(names.group(1)).isNull();
        }
      }
    }
    return defaults;
  }

  /** Tests may run in the module's folder or in the repository's. */
  private static Path document() {
    return Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
        .map(folder -> folder.resolve(DOCUMENT))
        .filter(Files::isReadable)
        .findFirst()
        .orElseThrow();
  }
}
