package io.refinery.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

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

  private record Rule(String text, Match match, Pattern pattern) {}

  ImageSelection(List<String> selected) {
    List<Rule> made = new ArrayList<>();
    for (String text : selected) {
      String path = text.strip().replace('\\', '/').replaceAll("^(\\./)+|/+$", "");
      if (path.chars().anyMatch(c -> c == '*' || c == '?')) {
        String anywhere = path.contains("/") ? "" : "(.*/)?";
        made.add(new Rule(text, Match.GLOB, Pattern.compile(anywhere + regex(path))));
      } else {
        boolean root = path.isEmpty() || path.equals(".");
        String folder = root ? "" : Pattern.quote(path + "/");
        made.add(new Rule(text, Match.FOLDER, Pattern.compile(folder + "[^/]*")));
        if (!root) {
          made.add(new Rule(text, Match.WITHIN, Pattern.compile(folder + ".*")));
        }
      }
    }
    this.rules = List.copyOf(made);
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (glob.startsWith("**/", i)) {
        regex.append("(.*/)?");
        i += 2;
      } else if (glob.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else {
        regex.append(c == '?' ? "[^/]" : Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.toString();
  }

  boolean isEmpty() {
    return rules.isEmpty();
  }

  Match match(ZipItem item) {
    Match best = Match.NONE;
    for (Rule rule : rules) {
      if (rule.match().compareTo(best) > 0 && rule.pattern().matcher(item.name()).matches()) {
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
        if (unused.contains(rule.text()) && rule.pattern().matcher(item.name()).matches()) {
          unused.remove(rule.text());
        }
      }
    }
    return unused;
  }
}
