package io.refinery.bundle.table;

import java.util.Arrays;
import java.util.List;

/** Finds images by a key of their names. It holds 8 to 16 bytes per image, and no keys. */
final class NameIndex {

  /** Returned for a key that no image has. */
  static final int NONE = -1;

  private final List<String> images;
  private final int[] scope;
  private final NameKey key;
  private final String folder;
  private final int[] slots;
  private final NameHash hash = new NameHash();
  private int repeated = NONE;

  /**
   * Creates an index.
   *
   * @param scope the numbers of the images to find
   * @param folder the folder that relative names start in
   */
  NameIndex(List<String> images, int[] scope, NameKey key, String folder) {
    this.images = images;
    this.scope = scope;
    this.key = key;
    this.folder = folder;
    this.slots = new int[Integer.highestOneBit(Math.max(1, scope.length)) * 4];
    Arrays.fill(slots, NONE);
    for (int i = 0; i < scope.length; i++) {
      int slot = slot(keyOf(i));
      if (slots[slot] == NONE) {
        slots[slot] = i;
      } else if (repeated == NONE) {
        repeated = i;
      }
    }
  }

  /** Whether every image has a key of its own. */
  boolean isUnique() {
    return repeated == NONE;
  }

  /** Returns the place in the scope of the image with this key, or {@link #NONE}. */
  int find(String wanted) {
    return slots[slot(wanted)];
  }

  private int slot(String wanted) {
    int mask = slots.length - 1;
    int slot = (int) (hash.of(wanted) & mask);
    while (slots[slot] != NONE && !keyOf(slots[slot]).equals(wanted)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private String keyOf(int place) {
    return key.ofImage(images.get(scope[place]), folder);
  }
}
