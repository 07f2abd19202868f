package io.refinery.bundle;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/** Follows links inside a file. */
final class HdfPaths {

  private static final int KEPT_GROUPS = 3;

  /** HDF5's own limit. */
  private static final int MOST_SOFT_LINKS = 16;

  private final HdfStorage storage;
  private final long root;
  private final Map<Long, SortedMap<String, HdfLink>> groups =
      new LinkedHashMap<>(KEPT_GROUPS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, SortedMap<String, HdfLink>> eldest) {
          return size() > KEPT_GROUPS;
        }
      };

  HdfPaths(HdfStorage storage) {
    this.storage = storage;
    this.root = HdfGroup.rootAddress(storage);
  }

  long root() {
    return root;
  }

  /**
   * Where a link leads.
   *
   * @param address of the object; {@link HdfStorage#UNDEFINED} when there is none
   * @param why a clause, such as {@code points to '/a', which does not exist}
   * @param fault what a bundle with this link in the images' place has
   */
  record Target(long address, String why, BundleFault fault) {

    /**
     * Returns the refusal of a bundle that needs the object.
     *
     * @param what names the link, at the start of a sentence
     */
    BundleException refusal(String what) {
      String advice =
          fault == BundleFault.UNSUPPORTED
              ? ", which is not read; copy the data into the bundle"
              : "";
      return new BundleException(fault, what + " " + why + advice);
    }

    boolean isFound() {
      return address != HdfStorage.UNDEFINED;
    }
  }

  Target follow(HdfLink link, long group) {
    return follow(link, group, 0);
  }

  private Target follow(HdfLink link, long group, int depth) {
    if (link instanceof HdfLink.Hard hard) {
      return new Target(hard.address(), "", BundleFault.UNREADABLE);
    }
    if (link instanceof HdfLink.External external) {
      return nowhere(
          "is a link to '" + external.path() + "' in another file (" + external.file() + ")",
          BundleFault.UNSUPPORTED);
    }
    if (link instanceof HdfLink.Soft soft) {
      return depth == MOST_SOFT_LINKS
          ? nowhere("is a soft link that leads back to itself", BundleFault.UNREADABLE)
          : follow(soft.path(), group, depth + 1);
    }
    return nowhere("is a link of an unknown type", BundleFault.UNSUPPORTED);
  }

  private Target follow(String path, long group, int depth) {
    long at = path.startsWith("/") ? root : group;
    for (String name : path.split("/", -1)) {
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      HdfLink next = list(at).get(name);
      if (next == null) {
        return nowhere(
            "is a soft link to '" + path + "', which does not exist", BundleFault.UNREADABLE);
      }
      Target target = follow(next, at, depth);
      if (!target.isFound()) {
        return target;
      }
      at = target.address();
    }
    return new Target(at, "", BundleFault.UNREADABLE);
  }

  private static Target nowhere(String why, BundleFault fault) {
    return new Target(HdfStorage.UNDEFINED, why, fault);
  }

  /** Returns the members of a group; none of an object that is not one. */
  private SortedMap<String, HdfLink> list(long address) {
    SortedMap<String, HdfLink> kept = groups.get(address);
    if (kept == null) {
      kept = HdfGroup.list(storage, HdfObject.read(storage, address));
      groups.put(address, kept);
    }
    return kept;
  }
}
