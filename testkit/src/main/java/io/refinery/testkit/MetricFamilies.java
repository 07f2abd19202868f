package io.refinery.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The metrics that a page in the Prometheus text format serves, or that a document lists in rows of
 * name, type and labels. A documented name that ends with {@code *} stands for any number of
 * metrics.
 */
public final class MetricFamilies {

  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:]+)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"");
  private static final Pattern SUFFIX = Pattern.compile("_(bucket|sum|count|max)$");

  private MetricFamilies() {}

  /**
   * Returns type and labels of each metric, by name.
   *
   * @param documented what is documented; metrics that a name with {@code *} stands for are put
   *     under that name
   */
  public static Map<String, String> served(String page, Map<String, String> documented) {
    Map<String, String> types = new TreeMap<>();
    Map<String, Set<String>> labels = new TreeMap<>();
    page.lines()
        .forEach(
            line -> {
              Matcher type = TYPE.matcher(line);
              Matcher sample = SAMPLE.matcher(line);
              if (type.matches()) {
                types.put(type.group(1), type.group(2));
              } else if (sample.matches()) {
                Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
                Set<String> names =
                    labels.computeIfAbsent(sample.group(1), unused -> new TreeSet<>());
                label.results().map(one -> one.group(1)).forEach(names::add);
                names.remove("le");
              }
            });
    Map<String, String> families = new TreeMap<>();
    types.forEach(
        (name, type) -> {
          String pattern =
              documented.keySet().stream()
                  .filter(one -> one.endsWith("*"))
                  .filter(one -> name.startsWith(one.substring(0, one.length() - 1)))
                  .findFirst()
                  .orElse("");
          if (!pattern.isEmpty()) {
            families.put(pattern, documented.get(pattern));
          } else if (!isPart(name, types)) {
            families.put(name, type + " " + labels(name, labels));
          }
        });
    return families;
  }

  /** Micrometer serves a histogram's largest value as a gauge of its own. */
  private static boolean isPart(String name, Map<String, String> types) {
    return name.endsWith("_max")
        && "histogram".equals(types.get(SUFFIX.matcher(name).replaceFirst("")));
  }

  private static Set<String> labels(String name, Map<String, Set<String>> labels) {
    return Stream.of(name, name + "_count")
        .filter(labels::containsKey)
        .map(labels::get)
        .findFirst()
        .orElse(Set.of());
  }

  /**
   * Returns type and labels of each metric in a section of {@code docs/observing.md}, by name.
   *
   * @param sections headings
   */
  public static Map<String, String> documented(String... sections) throws IOException {
    Map<String, String> families = new TreeMap<>();
    String section = "";
    for (String line : Files.readAllLines(document())) {
      if (line.startsWith("#")) {
        section = line.replaceAll("^#+ ", "");
      } else if (line.startsWith("| `") && Arrays.asList(sections).contains(section)) {
        String[] cells = line.split("\\|", -1);
        Set<String> labels = new TreeSet<>();
        Pattern.compile("`([a-z_]+)`")
            .matcher(cells[3])
            .results()
            .map(one -> one.group(1))
            .forEach(labels::add);
        families.put(cells[1].strip().replace("`", ""), cells[2].strip() + " " + labels);
      }
    }
    return families;
  }

  /** Tests may run in the module's folder or in the repository's. */
  private static Path document() {
    return Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
        .map(folder -> folder.resolve("docs/observing.md"))
        .filter(Files::isReadable)
        .findFirst()
        .orElseThrow();
  }
}
