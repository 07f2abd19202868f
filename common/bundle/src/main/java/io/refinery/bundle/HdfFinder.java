package io.refinery.bundle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** Finds the images and labels of an HDF5 file. */
final class HdfFinder {

  static final int DEEPEST = 32;

  private static final List<String> IMAGES = List.of("images", "image");
  private static final int MOST_LABELS = 1000;
  private static final int MOST_NAMES = 10;

  /** What was found. */
  static final class Found {

    private final Candidate place;
    private final HdfImages images;
    private final long[] addresses;
    private final List<String> keys;
    private final HdfFinder finder;

    private Found(
        Candidate place, HdfImages images, long[] addresses, List<String> keys, HdfFinder finder) {
      this.place = place;
      this.images = images;
      this.addresses = addresses;
      this.keys = keys;
      this.finder = finder;
    }

    /** Returns the path of the images' dataset or group. */
    String path() {
      return place.name;
    }

    /** Returns the address of the images' dataset or group. */
    long address() {
      return place.address;
    }

    HdfImages images() {
      return images;
    }

    /** Returns the addresses of the images' datasets; one if they are stacked. */
    long[] addresses() {
      return addresses;
    }

    /** Returns the images' names, in order; none if they are stacked. */
    List<String> keys() {
      return keys;
    }

    boolean isKeyed() {
      return !keys.isEmpty();
    }

    /** Returns labels, named by the path of a dataset or of a group with one dataset per image. */
    List<Column> labels() {
      return List.copyOf(finder.labels);
    }

    /** Returns the names of labels that lead over a soft link. */
    Set<String> aliases() {
      return Set.copyOf(finder.aliases);
    }

    List<String> remarks() {
      return List.copyOf(finder.remarks);
    }
  }

  /** Something at the root that may be the images. */
  private record Candidate(String name, long address, HdfObject object) {}

  private final HdfStorage storage;
  private final BundleLimits limits;
  private final HdfHeap heap;
  private final HdfPaths paths;
  private final Set<Long> seen = new HashSet<>();
  private final Set<Long> seenByLink = new HashSet<>();
  private final List<Column> labels = new ArrayList<>();
  private final Set<String> aliases = new HashSet<>();
  private final List<String> remarks = new ArrayList<>();

  HdfFinder(HdfStorage storage, HdfPaths paths, BundleLimits limits) {
    this.storage = storage;
    this.limits = limits;
    this.heap = new HdfHeap(storage);
    this.paths = paths;
  }

  Found find() throws BundleException {
    SortedMap<String, HdfLink> root = HdfGroup.list(storage, HdfGroup.root(storage));
    seen.add(paths.root());
    Candidate images = candidate(root);
    return images.object.isDataset() ? stacked(images, root) : keyed(images, root);
  }

  private Candidate candidate(SortedMap<String, HdfLink> root) throws BundleException {
    List<Candidate> candidates = new ArrayList<>();
    for (String name : IMAGES) {
      if (root.containsKey(name)) {
        HdfPaths.Target target = paths.follow(root.get(name), paths.root());
        if (!target.isFound()) {
          throw target.refusal("The HDF5 file's '" + name + "'");
        }
        HdfObject object = HdfObject.read(storage, target.address());
        if (object.isDataset() || object.isGroup()) {
          candidates.add(new Candidate(name, target.address(), object));
        }
      }
    }
    if (candidates.isEmpty()) {
      throw new BundleException(
          BundleFault.NO_IMAGES,
          "The HDF5 file has neither a dataset 'images' nor a group 'image' at its root; it has "
              + root.keySet().stream().limit(MOST_NAMES).toList());
    }
    boolean both =
        candidates.size() == 2
            && candidates.get(0).address != candidates.get(1).address
            && mayBeImages(candidates.get(0))
            && mayBeImages(candidates.get(1));
    if (both) {
      throw new BundleException(
          BundleFault.AMBIGUOUS,
          "The HDF5 file has both 'images' and 'image' at its root; rename the one that does not"
              + " hold the images to refine");
    }
    return candidates.stream().filter(this::mayBeImages).findFirst().orElse(candidates.get(0));
  }

  private boolean mayBeImages(Candidate candidate) {
    return candidate.object.isDataset()
        ? new HdfDataset(storage, candidate.object).dims().length >= 3
        : !HdfGroup.list(storage, candidate.object).isEmpty();
  }

  private Found stacked(Candidate found, SortedMap<String, HdfLink> root) throws BundleException {
    String where = "Dataset '" + found.name + "'";
    HdfDataset dataset = new HdfDataset(storage, found.object);
    HdfOrder.checkNotReversed(storage, found.object, where);
    HdfImages images =
        ParserErrors.guard(where, () -> HdfImages.stacked(found.name, dataset, limits));
    HdfOrder order = new HdfOrder(dataset.dims());
    collect("", root, paths.root(), images.count(), found.address, order, 0);
    if (labels.isEmpty()) {
      order.checkLabels(where);
    }
    long bytes = images.count() * images.shape().values() * dataset.type().size();
    checkInflation(Math.addExact(bytes, labelBytes(images.count())));
    return new Found(found, images, new long[] {found.address}, List.of(), this);
  }

  private long labelBytes(long count) throws BundleException {
    long bytes = 0;
    for (Column column : labels) {
      long row = column.type().size();
      for (long dim : column.rowDims()) {
        row = Math.multiplyExact(row, dim);
      }
      bytes = Math.addExact(bytes, Math.multiplyExact(row, count));
    }
    return bytes;
  }

  /** Adds the datasets with one row per image in a group and below. */
  private void collect(
      String path,
      SortedMap<String, HdfLink> links,
      long group,
      long count,
      long images,
      HdfOrder order,
      int depth)
      throws BundleException {
    for (var link : links.entrySet()) {
      HdfPaths.Target target = paths.follow(link.getValue(), group);
      if (!target.isFound() || target.address() == images) {
        continue;
      }
      HdfObject object = HdfObject.read(storage, target.address());
      String name = path + link.getKey();
      noteAlias(path, name, link.getValue());
      if (object.isDataset()) {
        HdfDataset dataset = new HdfDataset(storage, object);
        order.see(name, dataset);
        addRows(name, dataset, count);
      } else if (object.isGroup() && depth < DEEPEST && enter(link.getValue(), target.address())) {
        collect(
            name + "/",
            HdfGroup.list(storage, object),
            target.address(),
            count,
            images,
            order,
            depth + 1);
      }
    }
  }

  private void noteAlias(String path, String name, HdfLink link) {
    if (!(link instanceof HdfLink.Hard)
        || (!path.isEmpty() && aliases.contains(path.substring(0, path.length() - 1)))) {
      aliases.add(name);
    }
  }

  /** Returns whether a group has not been seen; a group that links lead to may have two names. */
  private boolean enter(HdfLink link, long address) {
    return (link instanceof HdfLink.Hard ? seen : seenByLink).add(address);
  }

  private boolean addRows(String name, HdfDataset dataset, long count) throws BundleException {
    if (!isLabel(dataset, count)) {
      return false;
    }
    inside(name, dataset);
    add(HdfColumns.stacked(name, dataset, heap));
    return true;
  }

  static boolean isLabel(HdfDataset dataset, long count) {
    return dataset.dims().length > 0 && dataset.rows() == count && dataset.elements() > 0;
  }

  private static void inside(String name, HdfDataset dataset) throws BundleException {
    ParserErrors.guard(
        "Label '" + name + "'",
        () -> {
          dataset.checkInside();
          return dataset;
        });
  }

  private void add(Column column) throws BundleException {
    if (labels.size() == MOST_LABELS) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "The bundle has more than " + MOST_LABELS + " labels; combine some in one dataset");
    }
    labels.add(column);
  }

  private Found keyed(Candidate found, SortedMap<String, HdfLink> root) throws BundleException {
    SortedMap<String, HdfLink> children = HdfGroup.list(storage, found.object);
    if (children.isEmpty()) {
      throw new BundleException(
          BundleFault.NO_IMAGES, "Group '" + found.name + "' contains no images");
    }
    List<String> keys = List.copyOf(children.keySet());
    HdfKeys members = HdfKeys.of(storage, paths, children, found.address);
    members.checkImages(found.name);
    HdfImages images = HdfImages.keyed(keys, members.datasets(), limits);
    checkInflation(images.count() * images.shape().values());
    boolean ordered = HdfOrder.isNatural(keys);
    seen.add(found.address);
    seenByLink.add(found.address);
    Keyed search = new Keyed(keys, new HashSet<>(keys), ordered);
    collectKeyed("", root, paths.root(), search, 0);
    return new Found(found, images, members.addresses(), keys, this);
  }

  /** What to look for where every image has a key. */
  private record Keyed(List<String> keys, Set<String> set, boolean ordered) {}

  /** Adds the groups with the images' keys, and the datasets with one row per image. */
  private void collectKeyed(
      String path, SortedMap<String, HdfLink> links, long group, Keyed search, int depth)
      throws BundleException {
    for (var link : links.entrySet()) {
      HdfPaths.Target target = paths.follow(link.getValue(), group);
      if (!target.isFound()) {
        continue;
      }
      HdfObject object = HdfObject.read(storage, target.address());
      String name = path + link.getKey();
      noteAlias(path, name, link.getValue());
      if (object.isDataset()) {
        if (search.ordered && addRows(name, new HdfDataset(storage, object), search.keys.size())) {
          remarks.add("Label '" + name + "' is matched to the images by order: it has no keys");
        }
      } else if (object.isGroup() && depth < DEEPEST && enter(link.getValue(), target.address())) {
        SortedMap<String, HdfLink> children = HdfGroup.list(storage, object);
        HdfKeys members = HdfKeys.of(storage, paths, children, target.address());
        if (!addKeyed(name, children, members, search)) {
          collectKeyed(name + "/", children, target.address(), search, depth + 1);
        }
      }
    }
  }

  /**
   * Adds a group as a label if it has the images' keys; if only some, nothing can be told.
   *
   * @return whether its members belong to images, so that they are not labels by themselves
   */
  private boolean addKeyed(
      String name, Map<String, HdfLink> children, HdfKeys members, Keyed search)
      throws BundleException {
    List<String> common = children.keySet().stream().filter(search.set::contains).toList();
    if (common.isEmpty()) {
      return false;
    }
    if (!members.isDataset(common.get(0))) {
      return true;
    }
    List<String> missing = search.keys.stream().filter(key -> !children.containsKey(key)).toList();
    List<String> left = children.keySet().stream().filter(k -> !search.set.contains(k)).toList();
    if (!missing.isEmpty() || !left.isEmpty()) {
      throw new BundleException(BundleFault.AMBIGUOUS, mismatch(name, missing, left));
    }
    members.checkLabel(name);
    if (members.datasets().get(0).elements() == 0) {
      return true;
    }
    inside(name, members.datasets().get(0));
    add(HdfColumns.keyed(name, members.datasets(), search.keys.size(), heap));
    return true;
  }

  private static String mismatch(String name, List<String> missing, List<String> left) {
    String text = "Label '" + name + "' does not have the keys of the images:";
    if (!missing.isEmpty()) {
      text += " it lacks " + missing.size() + " (" + HdfText.some(missing) + ")";
    }
    if (!left.isEmpty()) {
      text += missing.isEmpty() ? "" : " and";
      text += " it has " + left.size() + " that no image has (" + HdfText.some(left) + ")";
    }
    return text;
  }

  private void checkInflation(long bytes) throws BundleException {
    if (bytes > limits.inflation() * storage.size()) {
      throw new BundleException(
          BundleFault.INFLATES_TOO_MUCH,
          "The HDF5 file of "
              + storage.size()
              + " bytes declares "
              + bytes
              + " bytes of images and labels, more than "
              + limits.inflation()
              + " times its size");
    }
  }
}
