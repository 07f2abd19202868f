package io.refinery.bundle;

import java.util.List;

/**
 * Everything in a bundle, each thing once, and what Refinery makes of it. Nothing in a bundle is
 * missing here; many files or datasets of one kind, such as the images of a ZIP, are one item.
 *
 * @param items images first, then in the bundle's order
 * @param remarks sentences about how the bundle was read, such as {@code labels.csv is matched by
 *     order}
 */
public record Inventory(List<Item> items, List<String> remarks) {

  public Inventory {
    items = List.copyOf(items);
    remarks = List.copyOf(remarks);
  }

  /** What Refinery makes of a thing in a bundle. */
  public enum Role {
    /** Refined. */
    IMAGES,
    /** One value or row per image; kept bit for bit. */
    LABEL,
    /** Names the images; kept bit for bit. */
    NAMES,
    /** Neither of these; kept bit for bit. */
    CARRIED,
    /** The reason why the bundle is refused. */
    REFUSED
  }

  /**
   * One thing in a bundle.
   *
   * @param name its path in the bundle; for several, what they have in common, such as {@code
   *     images/*.png}
   * @param description its type and shape, such as {@code float32, 3 per image}; for a refused one,
   *     a sentence
   */
  public record Item(String name, Role role, String description) {}

  /** Returns the items of one role, in order. */
  public List<Item> items(Role role) {
    return items.stream().filter(item -> item.role() == role).toList();
  }
}
