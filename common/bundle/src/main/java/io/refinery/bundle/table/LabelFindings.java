package io.refinery.bundle.table;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.Inventory;
import io.refinery.bundle.Inventory.Role;
import io.refinery.bundle.Omission;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collects labels, and what is to be said about them. */
final class LabelFindings {

  /** Names the images in a new file; readers prefer the second. */
  private static final String PATH = "path";

  private static final String IMAGE_PATH = "image_path";

  private static final String NOT_A_LABEL = "it is not a label";

  private final List<String> images;
  private final List<ImageLabel> labels = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<String> sources = new ArrayList<>();
  private final List<Inventory.Item> items = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final List<Omission> leftOut = new ArrayList<>();
  private final Set<String> labelFiles = new HashSet<>();

  /** Files that are carried for a reason of their own. */
  private final Map<String, String> reasons = new HashMap<>();

  /** The reasons of all files beside images that have an ending. */
  private final Map<String, String> reasonsOfEndings = new HashMap<>();

  LabelFindings(List<String> images) {
    this.images = images;
  }

  void addTables(TableFiles tables) throws BundleException {
    Map<String, JoinedColumn> columns = new LinkedHashMap<>();
    for (TableMatch match : tables.matches()) {
      labelFiles.add(match.table().file());
      match.remark().ifPresent(remarks::add);
      Set<String> own = new HashSet<>();
      for (int i = 0; i < match.table().headings().size(); i++) {
        String heading = match.table().headings().get(i);
        String name = LabelNames.of(heading);
        if (name.isEmpty() || !own.add(name)) {
          throw Faults.ambiguous(
              String.format(
                  "%s has the heading %s, which cannot name a label of its own; rename it",
                  Examples.quoted(match.table().file()), Examples.quoted(heading)));
        }
        columns.computeIfAbsent(name, any -> new JoinedColumn(heading)).add(match, i);
      }
      addNaming(match);
    }
    for (Map.Entry<String, JoinedColumn> column : columns.entrySet()) {
      if (!column.getValue().isNaming()) {
        JoinedColumn joined = column.getValue();
        add(joined.label(column.getKey(), images, remarks), joined.source());
      }
    }
    reasons.putAll(tables.carried());
  }

  private void addNaming(TableMatch match) {
    Optional<String> heading = match.column().map(match.table().headings()::get);
    String name = match.table().file() + heading.map(column -> ": " + column).orElse("");
    items.add(new Inventory.Item(name, Role.NAMES, match.rows().length + " rows " + match.how()));
  }

  private void add(ImageLabel label, String source) {
    labels.add(label);
    sources.add(source);
    String description = label.type().name().toLowerCase(Locale.ROOT);
    if (!label.dims().isEmpty()) {
      description += ", " + SidecarShape.describe(label.dims()) + " per image";
    }
    if (label.isPoints()) {
      description += ", points in pixels from the top left";
    }
    items.add(new Inventory.Item(source + ": " + label.name(), Role.LABEL, description));
  }

  void addSidecars(Sidecars sidecars) {
    String source = "*." + sidecars.kind().ending();
    if (!sidecars.carried().isEmpty()) {
      reasonsOfEndings.put(sidecars.kind().ending(), sidecars.carried());
      return;
    }
    labelFiles.addAll(sidecars.names());
    sidecars.labels().forEach(label -> add(label, source));
    sidecars.leftOut().forEach((path, why) -> carry(source + ": " + path, why));
    if (sidecars.labels().stream().anyMatch(ImageLabel::isPoints)) {
      remarks.add(
          source
              + " are of UnityEyes: its points and look_vec are converted so that y points down");
    }
  }

  /** Adds the images' names, under a name that no label has with other values. */
  void addNames() throws BundleException, IOException {
    labels.forEach(label -> names.add(label.name()));
    LabelNames.check(names, sources);
    if (names.contains(IMAGE_PATH) && !isNames(names.indexOf(IMAGE_PATH))) {
      throw Faults.ambiguous(
          "Label 'image_path' of "
              + sources.get(names.indexOf(IMAGE_PATH))
              + " does not hold the images' names; rename it");
    }
    if (names.contains(IMAGE_PATH)) {
      labels.add(labels.remove(names.indexOf(IMAGE_PATH)));
    } else if (names.contains(PATH) && isNames(names.indexOf(PATH))) {
      labels.add(labels.remove(names.indexOf(PATH)));
    } else {
      String name = names.contains(PATH) ? IMAGE_PATH : PATH;
      labels.add(new TextLabel(name, images));
      List<String> all = new ArrayList<>(names);
      all.add(name);
      sources.add("the images' names");
      LabelNames.check(all, sources);
    }
  }

  private boolean isNames(int label) throws BundleException, IOException {
    ImageLabel candidate = labels.get(label);
    if (candidate.type() != ImageLabel.Type.TEXT || !candidate.dims().isEmpty()) {
      return false;
    }
    for (int i = 0; i < images.size(); i++) {
      if (!candidate.texts(i, 1)[0].equals(images.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Files of one kind that are carried. */
  private record Group(String first, int count, String why) {}

  /** Adds the files that are neither images nor labels, those of a kind together. */
  void addCarried(List<String> files, Set<String> imageNames) {
    Map<String, Group> groups = new LinkedHashMap<>();
    for (String file : files) {
      if (file.endsWith("/") || imageNames.contains(file) || labelFiles.contains(file)) {
        continue;
      }
      String ending = FileNames.ending(file);
      String reason = reasons.getOrDefault(file, "");
      String group =
          ending.isEmpty() || !reason.isEmpty() ? file : FileNames.folder(file) + "*." + ending;
      String why = reason.isEmpty() ? reasonsOfEndings.getOrDefault(ending, NOT_A_LABEL) : reason;
      groups.merge(
          group,
          new Group(file, 1, why),
          (one, more) -> new Group(one.first(), one.count() + 1, one.why()));
    }
    groups.forEach(
        (name, group) ->
            carry(
                group.count() == 1 ? group.first() : name,
                (group.count() == 1 ? "" : group.count() + " files: ") + group.why()));
  }

  private void carry(String what, String why) {
    items.add(new Inventory.Item(what, Role.CARRIED, why));
    leftOut.add(new Omission(what, why));
  }

  List<ImageLabel> labels() {
    return labels;
  }

  List<String> names() {
    return names;
  }

  List<Inventory.Item> items() {
    return items;
  }

  List<String> remarks() {
    return remarks;
  }

  List<Omission> leftOut() {
    return leftOut;
  }

  Set<String> labelFiles() {
    return labelFiles;
  }
}
