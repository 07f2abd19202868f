package io.refinery.bundle;

import io.refinery.bundle.ImageSelection.Match;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the images among the files of a ZIP, and refuses what may be masks of others. */
final class ImageFinder {

  private static final int NAMED = 5;

  private static final Pattern WORDS = Pattern.compile("[^a-z]+");

  /** Words for what belongs to an image and looks like one. */
  private static final Set<String> MASKS =
      Set.of(
          "alpha",
          "annotation",
          "annotations",
          "depth",
          "depths",
          "disparity",
          "groundtruth",
          "gt",
          "instance",
          "instances",
          "label",
          "labels",
          "mask",
          "masks",
          "matte",
          "mattes",
          "normal",
          "normals",
          "seg",
          "segmentation",
          "segmentations",
          "segs",
          "semantic",
          "semantics");

  private final ImageSelection selection;

  ImageFinder(List<String> selected) {
    this.selection = new ImageSelection(selected);
  }

  /** Returns the images in order; not yet checked for limits. */
  List<ZipItem> find(List<ZipItem> items) throws BundleException {
    List<ZipItem> all = new ArrayList<>();
    List<ZipItem> images = new ArrayList<>();
    for (ZipItem item : items) {
      boolean unreadable = ImageKinds.isUnreadable(item.name());
      if (!unreadable && !ImageKinds.isImage(item.name())) {
        continue;
      }
      all.add(item);
      if (selection.isEmpty() || selection.match(item) != Match.NONE) {
        if (unreadable) {
          throw unreadable(item);
        }
        requireFile(item);
        images.add(item);
      }
    }
    List<String> unused = selection.unused(images);
    if (!unused.isEmpty() && !all.isEmpty()) {
      throw new BundleException(
          BundleFault.NO_IMAGES,
          "The bundle has no images in '"
              + unused.get(0)
              + "'; its images are in "
              + counted(all)
              + ". Name folders from the root of the ZIP file, or globs of names");
    }
    requireOneKindOfFolders(images);
    requireOneKindOfNames(images);
    return List.copyOf(images);
  }

  private static BundleException unreadable(ZipItem item) {
    return new BundleException(
        BundleFault.UNSUPPORTED,
        "File '"
            + ZipBundle.printable(item.name())
            + "' is an image of a kind that cannot be read ("
            + ImageKinds.ending(item.name())
            + "); convert it to PNG, or name the folders of images, such as \"images\":"
            + " [\"rgb\"]");
  }

  private static void requireFile(ZipItem item) throws BundleException {
    if (item.entry().isUnixSymlink()) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          item.where() + " is a symbolic link; put the image itself into the ZIP file");
    }
  }

  /** Masks in a folder beside that of the images. */
  private void requireOneKindOfFolders(List<ZipItem> images) throws BundleException {
    List<ZipItem> unnamed =
        images.stream().filter(item -> selection.match(item).compareTo(Match.FOLDER) < 0).toList();
    if (unnamed.isEmpty() || images.stream().map(ZipItem::folder).distinct().limit(2).count() < 2) {
      return;
    }
    for (String folder : unnamed.stream().map(ZipItem::folder).distinct().toList()) {
      for (String part : folder.split("/", -1)) {
        if (isMask(part)) {
          throw folders(
              images, "the folder '" + ZipBundle.printable(part) + "' may hold no images");
        }
      }
    }
    Map<String, String> folders = new HashMap<>();
    images.forEach(item -> folders.put(stem(item), item.folder()));
    for (ZipItem item : unnamed) {
      if (!item.folder().equals(folders.get(stem(item)))) {
        throw folders(
            images,
            "the name '"
                + ZipBundle.printable(stem(item))
                + "' is in more than one of them, so that some may be masks of others");
      }
    }
  }

  private static BundleException folders(List<ZipItem> images, String why) {
    return new BundleException(
        BundleFault.AMBIGUOUS,
        "The bundle has images in "
            + counted(images)
            + ", and "
            + why
            + "; name the folders of images, such as \"images\": [\""
            + likely(images)
            + "\"], and the others are left alone, or say that all are images: \"images\":"
            + " [\"*\"]");
  }

  /** Returns the first folder that is not named like one of masks. */
  private static String likely(List<ZipItem> images) {
    String folder =
        images.stream()
            .map(ZipItem::folder)
            .filter(name -> Stream.of(name.split("/", -1)).noneMatch(ImageFinder::isMask))
            .findFirst()
            .orElse("rgb");
    return folder.isEmpty() ? "." : ZipBundle.printable(folder);
  }

  /** Masks beside their images in one folder: {@code 1.png} and {@code 1_mask.png}, or 1.jpg. */
  private void requireOneKindOfNames(List<ZipItem> images) throws BundleException {
    List<ZipItem> unnamed =
        images.stream().filter(item -> selection.match(item) != Match.GLOB).toList();
    Map<String, ZipItem> masks = new HashMap<>();
    Map<String, ZipItem> others = new HashMap<>();
    Map<String, ZipItem> stems = new HashMap<>();
    for (ZipItem item : unnamed) {
      ZipItem same = stems.put(item.folder() + "/" + stem(item), item);
      (isMask(first(item)) || isMask(last(item)) ? masks : others).putIfAbsent(item.folder(), item);
      if (same != null) {
        throw names(same, item);
      }
    }
    for (Map.Entry<String, ZipItem> mask : masks.entrySet()) {
      ZipItem other = others.get(mask.getKey());
      if (other != null) {
        throw names(other, mask.getValue());
      }
    }
  }

  private static BundleException names(ZipItem one, ZipItem other) {
    return new BundleException(
        BundleFault.AMBIGUOUS,
        "One of '"
            + ZipBundle.printable(one.name())
            + "' and '"
            + ZipBundle.printable(other.name())
            + "' may be the mask of the other; name the images by a glob, such as \"images\":"
            + " [\"*_rgb.png\"], and the others are left alone, or say that all are images:"
            + " \"images\": [\"*\"]");
  }

  private static boolean isMask(String text) {
    for (String word : WORDS.split(text.toLowerCase(Locale.ROOT), -1)) {
      if (MASKS.contains(word)) {
        return true;
      }
    }
    return false;
  }

  private static String stem(ZipItem item) {
    String file = item.file();
    return file.substring(0, file.lastIndexOf('.'));
  }

  private static String first(ZipItem item) {
    return stem(item).split("[-_. ]", 2)[0];
  }

  private static String last(ZipItem item) {
    String[] parts = stem(item).split("[-_. ]", -1);
    return parts[parts.length - 1];
  }

  /** Lists folders with the number of their images. */
  private static String counted(List<ZipItem> images) {
    Map<String, Integer> counts = new TreeMap<>();
    images.forEach(item -> counts.merge(item.folder(), 1, Integer::sum));
    List<String> texts = new ArrayList<>();
    for (Map.Entry<String, Integer> folder : counts.entrySet()) {
      if (texts.size() == NAMED) {
        texts.add("and " + (counts.size() - NAMED) + " more folders");
        break;
      }
      String name = folder.getKey().isEmpty() ? "." : ZipBundle.printable(folder.getKey());
      texts.add("'" + name + "' (" + folder.getValue() + ")");
    }
    return String.join(", ", texts);
  }
}
