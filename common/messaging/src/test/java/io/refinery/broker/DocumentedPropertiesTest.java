package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that Kafka's client accepts the examples of docs/brokers.md. */
class DocumentedPropertiesTest {

  private static final Path PAGE = Path.of("../../docs/brokers.md");
  private static final Pattern EXAMPLE = Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL);
  private static final String PREFIX = "refinery.kafka.properties.";

  static Stream<Map<String, String>> examples() throws IOException {
    List<String> examples =
        EXAMPLE.matcher(Files.readString(PAGE)).results().map(found -> found.group(1)).toList();
    return examples.stream().map(DocumentedPropertiesTest::properties);
  }

  private static Map<String, String> properties(String example) {
    Properties settings = new Properties();
    try {
      settings.load(new StringReader(example));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return settings.stringPropertyNames().stream()
        .collect(
            Collectors.toMap(
                name -> {
                  assertThat(name).startsWith(PREFIX);
                  return name.substring(PREFIX.length());
                },
                settings::getProperty));
  }

  @Test
  void thePageHasAnExampleOfEachKind() throws IOException {
    assertThat(examples().map(one -> one.getOrDefault("sasl.mechanism", "TLS")))
        .containsExactly("PLAIN", "SCRAM-SHA-512", "OAUTHBEARER", "TLS");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theClientKnowsEveryPropertyAndParsesItsValue(Map<String, String> example) {
    assertThat(AdminClientConfig.configNames()).containsAll(example.keySet());
    Properties all = new Properties();
    all.putAll(example);
    all.put("bootstrap.servers", "broker.example:9093");
    AdminClientConfig config = new AdminClientConfig(all);

    Password login = config.getPassword(SaslConfigs.SASL_JAAS_CONFIG);
    if (login != null) {
      JaasContext context =
          JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, login));
      assertThat(context.configurationEntries()).hasSize(1);
    }
  }
}
