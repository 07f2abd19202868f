package io.refinery.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The files that a user names as the images of a ZIP; see {@link BundleOptions#images}. */
final class ImageSelection {

  /** How directly a file is named. */
  enum Match {
    NONE,
    /** By a folder above its own. */
    WITHIN,
    /** By its folder. */
    FOLDER,
    /** By a glob. */
    GLOB
  }

  private final List<Rule> rules;

  private record Rule(String text, Match match, Predicate<String> names) {}

  ImageSelection(List<String> selected) {
    List<Rule> made = new ArrayList<>();
    for (String text : selected) {
      String path = text.strip().replace('\\', '/').replaceAll("^(\\./)+|/+$", "");
      if (path.chars().anyMatch(c -> c == '*' || c == '?')) {
        made.add(new Rule(text, Match.GLOB, new Glob(path)::matches));
      } else {
        boolean root = path.isEmpty() || path.equals(".");
        String folder = root ? "" : path;
        made.add(new Rule(text, Match.FOLDER, name -> folder(name).equals(folder)));
        if (!root) {
          made.add(new Rule(text, Match.WITHIN, name -> name.startsWith(folder + "/")));
        }
      }
    }
    this.rules = List.copyOf(made);
  }

  private static String folder(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('/')));
  }

  boolean isEmpty() {
    return rules.isEmpty();
  }

  Match match(ZipItem item) {
    Match best = Match.NONE;
    for (Rule rule : rules) {
      if (rule.match().compareTo(best) > 0 && rule.names().test(item.name())) {
        best = rule.match();
      }
    }
    return best;
  }

  /** Returns what the user wrote that names none of the images. */
  List<String> unused(List<ZipItem> images) {
    List<String> unused = new ArrayList<>(rules.stream().map(Rule::text).distinct().toList());
    for (ZipItem item : images) {
      if (unused.isEmpty()) {
        break;
      }
      for (Rule rule : rules) {
        if (unused.contains(rule.text()) && rule.names().test(item.name())) {
          unused.remove(rule.text());
        }
      }
    }
    return unused;
  }
}
