package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bucket policies in deploy/security. */
class PoliciesTest {

  private static final String BUCKET = "arn:aws:s3:::refinery";

  @ParameterizedTest
  @ValueSource(strings = {"submitter", "worker", "trainer", "reader"})
  void aPolicyAllowsActionsByNameInOneBucket(String role) throws IOException {
    JsonNode policy = policy(role);
    assertThat(policy.path("Version").asText()).isEqualTo("2012-10-17");
    assertThat(policy.path("Statement")).isNotEmpty();
    for (JsonNode statement : policy.path("Statement")) {
      assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
      assertThat(statement.has("NotAction") || statement.has("NotResource")).isFalse();
      for (JsonNode action : statement.path("Action")) {
        assertThat(action.asText()).matches("s3:[A-Za-z]+");
        boolean isList = action.asText().startsWith("s3:ListBucket");
        for (JsonNode resource : statement.path("Resource")) {
          assertThat(resource.asText())
              .matches(isList ? BUCKET : BUCKET + "/[a-z]+/([*]/versions/)?[*]");
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "submitter, s3:PutObject, bundles",
    "submitter, s3:GetObject, bundles refined results",
    "submitter, s3:DeleteObject, ''",
    "worker, s3:PutObject, attempts probe refined results returned sweep",
    "worker, s3:GetObject, attempts bundles models probe refined results returned sweep",
    "worker, s3:DeleteObject, attempts probe refined returned sweep",
    "trainer, s3:PutObject, attempts models probe returned trainings",
    "trainer, s3:GetObject, attempts bundles models probe returned trainings",
    "trainer, s3:DeleteObject, attempts models probe trainings",
    "reader, s3:PutObject, ''",
    "reader, s3:GetObject, refined results",
    "reader, s3:DeleteObject, ''"
  })
  void aRoleHasItsPrefixesAlone(String role, String action, String prefixes) throws IOException {
    assertThat(String.join(" ", prefixes(role, action))).isEqualTo(prefixes);
  }

  @Test
  void whoMayWriteMayAlsoAbortItsUploads() throws IOException {
    for (String role : new String[] {"submitter", "worker", "trainer"}) {
      assertThat(prefixes(role, "s3:AbortMultipartUpload"))
          .isEqualTo(prefixes(role, "s3:PutObject"));
    }
  }

  private static Set<String> prefixes(String role, String wanted) throws IOException {
    Set<String> prefixes = new TreeSet<>();
    for (JsonNode statement : policy(role).path("Statement")) {
      for (JsonNode action : statement.path("Action")) {
        if (action.asText().equals(wanted)) {
          statement
              .path("Resource")
              .forEach(
                  one -> prefixes.add(one.asText().substring(BUCKET.length()).split("/", -1)[1]));
        }
      }
    }
    return prefixes;
  }

  private static JsonNode policy(String role) throws IOException {
    Path file =
        Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
            .map(folder -> folder.resolve("deploy/security/s3/" + role + ".json"))
            .filter(Files::exists)
            .findFirst()
            .orElseThrow();
    return Json.mapper().readTree(Files.readAllBytes(file));
  }
}
