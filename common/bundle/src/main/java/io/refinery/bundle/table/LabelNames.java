package io.refinery.bundle.table;

import io.refinery.bundle.BundleException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules for names of labels: every label is one dataset, and slashes separate groups. */
final class LabelNames {

  private LabelNames() {}

  /** Returns a heading or key as the name of a label; empty if it cannot be one. */
  static String of(String heading) {
    String name = heading.replaceAll("/{2,}", "/").replaceAll("^/|/$", "");
    return List.of(name.split("/", -1)).stream().anyMatch(LabelNames::isNoPart) ? "" : name;
  }

  private static boolean isNoPart(String part) {
    return part.isBlank() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0;
  }

  /**
   * Checks that all labels can be in one file.
   *
   * @param sources where each label comes from, for a message
   */
  static void check(List<String> names, List<String> sources) throws BundleException {
    Map<String, String> known = new HashMap<>();
    Set<String> groups = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String before = known.put(name, sources.get(i));
      if (before != null) {
        throw Faults.ambiguous(
            String.format(
                "Label %s is given twice, by %s and by %s; rename or remove one",
                Examples.quoted(name), before, sources.get(i)));
      }
      for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
        groups.add(name.substring(0, slash));
      }
    }
    for (String name : names) {
      if (groups.contains(name)) {
        throw Faults.ambiguous(
            String.format(
                "Label %s has the name of a group of labels, as in %s; rename it",
                Examples.quoted(name), Examples.quoted(name + "/...")));
      }
    }
  }
}
