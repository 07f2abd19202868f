package io.refinery.bundle;

import io.refinery.bundle.Inventory.Item;
import io.refinery.bundle.Inventory.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sums up the files of a ZIP: those of one folder and ending are one item. */
final class ZipInventory {

  /** More groups than this are summed up over all folders. */
  private static final int MOST_GROUPS = 100;

  private record Group(Role role, String folder, String ending) {}

  private static final class Sum {
    private String name = "";
    private long files;
    private long bytes;

    void add(ZipItem item) {
      name = item.name();
      files++;
      bytes += item.entry().getSize();
    }
  }

  private final Map<Group, Sum> groups = new LinkedHashMap<>();

  void add(Role role, ZipItem item) {
    String ending = item.isFolder() ? "/" : dotted(ImageKinds.ending(item.name()));
    Group group = new Group(role, item.folder(), ending);
    if (groups.size() >= MOST_GROUPS && !groups.containsKey(group)) {
      group = new Group(role, "**", ending);
    }
    groups.computeIfAbsent(group, key -> new Sum()).add(item);
  }

  private static String dotted(String ending) {
    return ending.isEmpty() ? "" : "." + ending;
  }

  /**
   * Returns the items of one role, in order.
   *
   * @param kind what each file is, such as {@code 55x35 gray}; empty for a file that is kept
   */
  List<Item> items(Role role, String kind) {
    List<Item> items = new ArrayList<>();
    groups.forEach(
        (group, sum) -> {
          if (group.role() == role) {
            items.add(new Item(name(group, sum), role, description(group, sum, kind)));
          }
        });
    return items;
  }

  private static String name(Group group, Sum sum) {
    if (sum.files == 1) {
      return ZipBundle.printable(sum.name);
    }
    String folder = group.folder().isEmpty() ? "" : group.folder() + "/";
    return ZipBundle.printable(folder + "*" + group.ending());
  }

  private static String description(Group group, Sum sum, String kind) {
    if (group.ending().equals("/")) {
      return sum.files == 1 ? "folder" : sum.files + " folders";
    }
    boolean one = sum.files == 1;
    if (group.role() == Role.IMAGES) {
      return (one ? "1 image of " : sum.files + " images of ") + kind;
    }
    return (one ? "" : sum.files + " files, ") + sum.bytes + " bytes";
  }
}
