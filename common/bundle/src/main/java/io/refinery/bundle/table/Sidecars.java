package io.refinery.bundle.table;

import io.refinery.bundle.BundleException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The files of one kind beside images: {@code 7.json} is beside {@code 7.jpg}. */
final class Sidecars {

  /** Most keys to name that the first file does not have. */
  private static final int MOST_OTHERS = 100;

  private final SidecarKind kind;
  private final List<String> names;
  private final List<ImageLabel> labels;
  private final Map<String, String> leftOut;
  private final String carried;

  private Sidecars(
      SidecarKind kind,
      List<String> names,
      List<ImageLabel> labels,
      Map<String, String> leftOut,
      String carried) {
    this.kind = kind;
    this.names = names;
    this.labels = labels;
    this.leftOut = leftOut;
    this.carried = carried;
  }

  /**
   * Finds and checks the files of one kind.
   *
   * @return empty when no image has one
   * @throws BundleException when labels are missing or cannot be read
   */
  static Optional<Sidecars> read(
      SidecarKind kind, NamedFiles files, List<String> images, ImageHeights heights)
      throws BundleException, IOException {
    Map<String, String> byStem = new HashMap<>();
    Set<String> shared = new HashSet<>();
    for (String file : files.names()) {
      if (FileNames.ending(file).equals(kind.ending())
          && !FileNames.isHidden(file)
          && !TableFiles.isLabels(file)
          && byStem.put(FileNames.withoutEnding(file), file) != null) {
        shared.add(FileNames.withoutEnding(file));
      }
    }
    if (byStem.isEmpty()) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    Examples missing = new Examples();
    Examples unclear = new Examples();
    Set<String> stems = new HashSet<>();
    for (String image : images) {
      String stem = FileNames.withoutEnding(image);
      String file = byStem.get(stem);
      if (file == null) {
        missing.add(image);
      } else {
        names.add(file);
        if (!stems.add(stem) || shared.contains(stem)) {
          unclear.add(file);
        }
      }
    }
    if (names.isEmpty()) {
      return Optional.empty();
    }
    String problem = problem(kind, images.size(), missing, unclear);
    if (!problem.isEmpty()) {
      if (kind.isAlwaysLabel()) {
        throw Faults.ambiguous(problem);
      }
      return Optional.of(carried(kind, problem));
    }
    try {
      return Optional.of(checked(kind, files, names, heights));
    } catch (BundleException e) {
      if (kind.isAlwaysLabel()) {
        throw e;
      }
      return Optional.of(carried(kind, e.getMessage()));
    }
  }

  private static Sidecars carried(SidecarKind kind, String problem) {
    return new Sidecars(kind, List.of(), List.of(), Map.of(), "they are not labels: " + problem);
  }

  private static String problem(SidecarKind kind, int images, Examples missing, Examples unclear) {
    if (missing.count() > 0) {
      return String.format(
          "%d of %d images have no .%s file beside them, as the others do (%s)",
          missing.count(), images, kind.ending(), missing.list());
    }
    return unclear.count() == 0
        ? ""
        : String.format(
            "%d .%s files share their name with several images or files (%s)",
            unclear.count(), kind.ending(), unclear.list());
  }

  private static Sidecars checked(
      SidecarKind kind, NamedFiles files, List<String> names, ImageHeights heights)
      throws BundleException, IOException {
    Map<String, SidecarShape> shapes = new LinkedHashMap<>();
    Set<String> others = new HashSet<>();
    for (int image = 0; image < names.size(); image++) {
      String file = names.get(image);
      Map<String, JsonValue> values = kind.read(files, file, heights.of(image));
      for (Map.Entry<String, JsonValue> value : values.entrySet()) {
        SidecarShape shape = shapes.get(value.getKey());
        if (shape != null) {
          shape.add(value.getValue(), file);
        } else if (image == 0) {
          shapes.put(value.getKey(), new SidecarShape(value.getValue(), file));
        } else if (others.size() < MOST_OTHERS) {
          others.add(value.getKey());
        }
      }
    }
    return chosen(kind, files, names, heights, shapes, others);
  }

  private static Sidecars chosen(
      SidecarKind kind,
      NamedFiles files,
      List<String> names,
      ImageHeights heights,
      Map<String, SidecarShape> shapes,
      Set<String> others) {
    Map<String, String> leftOut = new LinkedHashMap<>();
    Map<String, SidecarShape> fit = new LinkedHashMap<>();
    Map<String, String> labelNames = new LinkedHashMap<>();
    shapes.forEach(
        (path, shape) -> {
          String name = LabelNames.of(path);
          String problem =
              name.isEmpty() ? "its key cannot name a label" : shape.problem(names.size());
          if (problem.isEmpty()) {
            fit.put(path, shape);
            labelNames.put(path, name);
          } else {
            leftOut.put(path, problem);
          }
        });
    for (String path : others.stream().sorted().toList()) {
      leftOut.put(path, "it is missing in some files, such as " + Examples.quoted(names.get(0)));
    }
    List<ImageLabel> labels = new SidecarRows(kind, files, names, heights, fit).labels(labelNames);
    return new Sidecars(kind, names, labels, leftOut, "");
  }

  SidecarKind kind() {
    return kind;
  }

  /** Returns the file of each image; none when these files are not labels. */
  List<String> names() {
    return names;
  }

  List<ImageLabel> labels() {
    return labels;
  }

  /** Returns what of the files cannot be a label: its path in them, and the reason as a clause. */
  Map<String, String> leftOut() {
    return leftOut;
  }

  /** Returns why these files are not labels; empty when they are. */
  String carried() {
    return carried;
  }
}
