package io.refinery.bundle.table;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The images that a table is for: those in its folder and below. */
final class TableScopes {

  private final Map<String, List<Integer>> byFolder = new LinkedHashMap<>();
  private final BitSet claimed = new BitSet();

  TableScopes(List<String> images) {
    for (int image = 0; image < images.size(); image++) {
      String folder = FileNames.slashes(FileNames.folder(images.get(image)));
      byFolder.computeIfAbsent(folder, any -> new ArrayList<>()).add(image);
    }
  }

  /** Returns the folder whose images a table is for: its own, or the next above that has images. */
  String base(String tableFolder) {
    String base = tableFolder;
    while (!base.isEmpty() && !hasImages(base)) {
      base = FileNames.parent(base);
    }
    return base;
  }

  private boolean hasImages(String base) {
    return byFolder.containsKey(base)
        || byFolder.keySet().stream().anyMatch(folder -> folder.startsWith(base));
  }

  /** Returns the images in a folder and below, in the bundle's order. */
  int[] all(String base) {
    return images(base, image -> true);
  }

  /** Returns those of them that have no table in a folder nearer to them. */
  int[] unclaimed(String base) {
    return images(base, image -> !claimed.get(image));
  }

  private int[] images(String base, IntPredicate wanted) {
    IntStream.Builder images = IntStream.builder();
    byFolder.forEach(
        (folder, those) -> {
          if (folder.startsWith(base)) {
            those.stream().mapToInt(image -> image).filter(wanted).forEach(images);
          }
        });
    return images.build().sorted().toArray();
  }

  /** Records that images have a table. */
  void claim(int[] images) {
    for (int image : images) {
      claimed.set(image);
    }
  }
}
