package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.json.Json;
import io.refinery.testkit.MetricFamilies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The dashboard and the rules of deploy/monitoring use only metrics that are documented, which are
 * those that the processes serve: other tests hold that.
 */
class MonitoringTest {

  private static final Path RULES = Path.of("deploy/monitoring/refinery.rules.yml");
  private static final Path DASHBOARD = Path.of("deploy/monitoring/grafana/refinery.json");
  private static final Path OPERATIONS = Path.of("docs/operations.md");
  private static final Path OBSERVING = Path.of("docs/observing.md");

  private static final Pattern METRIC =
      Pattern.compile("\\b((?:refinery|process|jvm|system)_[a-z_]+)\\b");
  private static final Pattern RECORDED = Pattern.compile("\\brefinery:[a-z_:0-9]+");
  private static final Pattern RECORD = Pattern.compile("- record: (\\S+)");
  private static final Pattern ALERT = Pattern.compile("- alert: (\\S+)");
  private static final Pattern HEADING = Pattern.compile("(?m)^### (Refinery\\w+)$");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|on|group_left) \\(([a-z_, ]*)\\)");
  private static final Pattern QUERY = Pattern.compile("(?m)^\\| [^|]+ \\| `([^`]+)` \\|$");
  private static final Pattern PART = Pattern.compile("_(bucket|sum|count|max)$");

  /** Labels that Prometheus or a histogram adds. */
  private static final Set<String> ADDED = Set.of("job", "instance", "le");

  private Map<String, String> documented;
  private String rules;

  @BeforeEach
  void read() throws IOException {
    documented =
        MetricFamilies.documented(
            "Metrics of a worker",
            "Metrics of a trainer",
            "Metrics of the exporter",
            "Metrics of the process");
    rules = text(RULES).replaceAll("(?m)^ *#.*$", "").replaceAll("(?m)^ *summary:.*$", "");
  }

  @Test
  void everyMetricOfTheDashboardIsServed() throws IOException {
    List<String> queries = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    for (JsonNode panel : Json.mapper().readTree(text(DASHBOARD)).get("panels")) {
      assertThat(ids.add(panel.get("id").asInt())).isTrue();
      if (!panel.get("type").asText().equals("row")) {
        assertThat(panel.get("targets")).as(panel.get("title").asText()).isNotEmpty();
        panel.get("targets").forEach(target -> queries.add(target.get("expr").asText()));
      }
    }
    assertThat(queries).hasSizeGreaterThan(20).allSatisfy(this::assertServed);
  }

  @Test
  void everyMetricOfTheRulesIsServed() {
    assertThat(matches(METRIC, rules)).hasSizeGreaterThan(10);
    assertThat(rules.split("- (?:alert|record): ", -1)).allSatisfy(this::assertServed);
  }

  @Test
  void everyMetricOfTheDocumentedQueriesIsServed() throws IOException {
    String table = text(OBSERVING).split("\\| question \\| query \\|", 2)[1].split("\n\n", 2)[0];
    Set<String> queries = matches(QUERY, table);
    assertThat(queries).hasSizeGreaterThan(5).allSatisfy(this::assertServed);
  }

  @Test
  void everyAlertHasItsSectionOfWhatToDo() throws IOException {
    assertThat(matches(HEADING, text(OPERATIONS))).isEqualTo(matches(ALERT, rules)).isNotEmpty();
  }

  @Test
  void everyRuleIsTested() throws IOException {
    String tests = text(Path.of("deploy/monitoring/refinery.test.yml"));
    assertThat(matches(ALERT, rules))
        .allSatisfy(
            alert ->
                assertThat(tests)
                    .containsPattern(
                        "alertname: " + alert + "\\n +eval_time: \\w+\\n +exp_alerts:\\n"));
    assertThat(matches(RECORD, rules))
        .allSatisfy(record -> assertThat(tests).contains("expr: " + record));
  }

  private void assertServed(String query) {
    String bare = query.replaceAll("\"[^\"]*\"", "");
    Set<String> labels = new TreeSet<>(ADDED);
    for (String metric : matches(METRIC, bare)) {
      String family =
          documented.containsKey(metric) ? metric : PART.matcher(metric).replaceFirst("");
      assertThat(documented).as(query).containsKey(family);
      if (!family.equals(metric)) {
        assertThat(documented.get(family)).as(metric).startsWith("histogram");
      }
      labels.addAll(List.of(documented.get(family).replaceAll(".*\\[|]", "").split(", ", -1)));
    }
    Set<String> recorded = matches(RECORDED, bare);
    assertThat(matches(RECORD, rules)).as(query).containsAll(recorded);
    if (recorded.isEmpty()) {
      for (String grouping : matches(GROUPING, bare)) {
        assertThat(labels)
            .as(query)
            .containsAll(
                Stream.of(grouping.split(", *", -1)).filter(one -> !one.isEmpty()).toList());
      }
    }
  }

  private static Set<String> matches(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> found.groupCount() > 0 ? found.group(1) : found.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Tests may run in the module's folder or in the repository's. */
  private static String text(Path file) throws IOException {
    return Files.readString(
        Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
            .map(folder -> folder.resolve(file))
            .filter(Files::isReadable)
            .findFirst()
            .orElseThrow());
  }
}
