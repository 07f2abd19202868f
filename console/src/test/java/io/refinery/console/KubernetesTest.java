package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.refinery.console.config.Configuration;
import io.refinery.console.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests in deploy/kubernetes, compared with Kubernetes' types and with our settings. */
class KubernetesTest {

  private static final Path BASE = Path.of("..", "deploy", "kubernetes", "base");

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "Deployment", Deployment.class,
          "StatefulSet", StatefulSet.class,
          "Service", Service.class,
          "ServiceAccount", ServiceAccount.class,
          "NetworkPolicy", NetworkPolicy.class,
          "PodDisruptionBudget", PodDisruptionBudget.class);

  /** The types collect unknown fields unless any-setters are ignored. */
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated method) {
                  return false;
                }
              });

  private static List<JsonNode> manifests() throws IOException {
    List<JsonNode> manifests = new ArrayList<>();
    for (JsonNode name :
        YAML.readTree(BASE.resolve("kustomization.yaml").toFile()).get("resources")) {
      try (MappingIterator<JsonNode> documents =
          YAML.readerFor(JsonNode.class).readValues(BASE.resolve(name.textValue()).toFile())) {
        manifests.addAll(documents.readAll());
      }
    }
    return manifests;
  }

  private static HasMetadata typed(JsonNode manifest) throws IOException {
    return YAML.treeToValue(manifest, KINDS.get(manifest.get("kind").textValue()));
  }

  private static <T extends HasMetadata> List<T> all(Class<T> kind) throws IOException {
    List<T> found = new ArrayList<>();
    for (JsonNode manifest : manifests()) {
      HasMetadata typed = typed(manifest);
      if (kind.isInstance(typed)) {
        found.add(kind.cast(typed));
      }
    }
    return found;
  }

  private static List<PodTemplateSpec> pods() throws IOException {
    return Stream.concat(
            all(Deployment.class).stream().map(one -> one.getSpec().getTemplate()),
            all(StatefulSet.class).stream().map(one -> one.getSpec().getTemplate()))
        .toList();
  }

  private static Map<String, String> environment() throws IOException {
    Map<String, String> environment = new TreeMap<>();
    for (String line : Files.readAllLines(BASE.resolve("refinery.env"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split("=", 2);
        environment.put(parts[0], parts[1]);
      }
    }
    return environment;
  }

  private static Settings settings() throws IOException {
    return Configuration.load(Map.of(), Optional.empty(), environment(), Map.of()).settings();
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void aManifestHasOnlyFieldsThatKubernetesKnows(JsonNode manifest) throws IOException {
    HasMetadata typed = typed(manifest);
    assertThat(typed.getApiVersion()).isEqualTo(manifest.get("apiVersion").textValue());
    assertThat(typed.getMetadata().getName()).startsWith("refinery");
  }

  @Test
  void aMisspeltFieldWouldBeFound() throws IOException {
    JsonNode manifest =
        YAML.readTree(
            """
            apiVersion: apps/v1
            kind: Deployment
            spec:
              template:
                spec:
                  containers:
                    - name: worker
                      readinesProbe: {}
            """);
    assertThatThrownBy(() -> typed(manifest)).hasMessageContaining("readinesProbe");
  }

  @Test
  void everyVariableIsASettingWithAValidValue() throws IOException {
    Settings settings = settings();
    assertThat(settings.kafka().bootstrapServers()).contains("kafka:9092");
    assertThat(settings.worker().statusAddress()).isEqualTo("0.0.0.0");
  }

  @Test
  void probesAskThePortsThatTheSettingsOpen() throws IOException {
    Map<String, Integer> opened =
        Map.of(
            "worker", settings().worker().statusPort(),
            "trainer", settings().trainer().statusPort(),
            "exporter", settings().exporter().statusPort());
    for (PodTemplateSpec pod : pods()) {
      Container container = pod.getSpec().getContainers().get(0);
      assertThat(container.getPorts())
          .extracting(ContainerPort::getName, ContainerPort::getContainerPort)
          .containsExactly(tuple("status", opened.get(container.getName())));
      for (Probe probe :
          List.of(
              container.getStartupProbe(),
              container.getReadinessProbe(),
              container.getLivenessProbe())) {
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("status");
        assertThat(probe.getHttpGet().getPath()).isIn("/live", "/ready");
      }
    }
  }

  @Test
  void podsHaveNoMoreRightsThanTheyNeed() throws IOException {
    assertThat(pods()).hasSize(3);
    for (PodTemplateSpec pod : pods()) {
      SecurityContext container = pod.getSpec().getContainers().get(0).getSecurityContext();
      assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
      assertThat(container.getReadOnlyRootFilesystem()).isTrue();
      assertThat(container.getAllowPrivilegeEscalation()).isFalse();
      assertThat(container.getCapabilities().getDrop()).containsExactly("ALL");
      // Its variables would be refused as unknown settings.
      assertThat(pod.getSpec().getEnableServiceLinks()).isFalse();
    }
    assertThat(all(ServiceAccount.class))
        .hasSize(3)
        .allMatch(account -> !account.getAutomountServiceAccountToken());
  }
}
