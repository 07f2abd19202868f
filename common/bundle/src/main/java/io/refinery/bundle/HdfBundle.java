package io.refinery.bundle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * An open HDF5 bundle in one of two layouts.
 *
 * <ul>
 *   <li>Stacked: a dataset {@code images} or {@code image} of N x H x W, N x H x W x 1 or N x H x W
 *       x 3, and labels: every other dataset, in groups too, whose first dimension is N.
 *   <li>One dataset per image: a group {@code image} or {@code images}, and labels: every other
 *       group with the same keys. Images are in the order of the keys.
 * </ul>
 */
final class HdfBundle implements AutoCloseable {

  private static final List<String> IMAGES = List.of("images", "image");
  private static final int MOST_LABELS = 1000;
  private static final int DEEPEST = 8;

  /** More are not worth their memory: about 50 MB. */
  private static final int MOST_RANGES = 1 << 20;

  private final HdfStorage storage;
  private final BundleInfo info;
  private final HdfImages images;
  private final boolean stacked;
  private final long[] addresses;
  private final List<Column> columns;

  /**
   * @param addresses of the datasets of the images; of the only one if they are stacked
   */
  private HdfBundle(
      HdfStorage storage,
      HdfImages images,
      boolean stacked,
      long[] addresses,
      List<Column> columns) {
    this.storage = storage;
    this.stacked = stacked;
    this.addresses = addresses;
    this.images = images;
    this.columns = columns;
    this.info =
        new BundleInfo(
            BundleFormat.HDF5,
            images.shape(),
            images.count(),
            images.pixels(),
            columns.stream().map(Column::name).toList());
  }

  static HdfBundle open(Path file, BundleLimits limits) throws BundleException {
    return ParserErrors.guard(
        "The HDF5 file",
        () -> {
          HdfStorage storage = HdfStorage.open(file);
          try {
            return new Opening(storage, limits).open();
          } catch (BundleException | RuntimeException | StackOverflowError e) {
            storage.close();
            throw e;
          }
        });
  }

  BundleInfo info() {
    return info;
  }

  HdfImages images() {
    return images;
  }

  List<Column> columns() {
    return columns;
  }

  HdfStorage storage() {
    return storage;
  }

  /** Whether all images are in one dataset. */
  boolean isStacked() {
    return stacked;
  }

  /** Returns the dataset of an image; in a stacked bundle, the one dataset of all. */
  HdfObject imageObject(long image) {
    return HdfObject.read(storage, addresses[stacked ? 0 : Math.toIntExact(image)]);
  }

  /** Returns the type in which pixels are stored. */
  HdfType imageType() {
    return images.type();
  }

  /** Returns the ranges that the chunks of stacked images take, which new chunks may use. */
  List<HdfSpace.Range> imageRanges() {
    List<HdfSpace.Range> ranges = new ArrayList<>();
    if (stacked) {
      HdfDataset dataset = new HdfDataset(storage, imageObject(0));
      dataset.forEachChunk(range -> HdfSpace.addTo(ranges, range));
    }
    return ranges.size() > MOST_RANGES ? List.of() : HdfSpace.joined(ranges);
  }

  @Override
  public void close() {
    storage.close();
  }

  /** Finds the images and labels of a file. */
  private static final class Opening {

    private final HdfStorage storage;
    private final BundleLimits limits;
    private final HdfHeap heap;
    private final Set<Long> seen = new HashSet<>();

    Opening(HdfStorage storage, BundleLimits limits) {
      this.storage = storage;
      this.limits = limits;
      this.heap = new HdfHeap(storage);
    }

    HdfBundle open() throws BundleException {
      SortedMap<String, Long> root = HdfGroup.list(storage, HdfGroup.root(storage));
      for (String name : IMAGES) {
        if (root.containsKey(name)) {
          HdfObject object = HdfObject.read(storage, root.get(name));
          if (object.isDataset()) {
            return stacked(name, object, root);
          }
          if (object.isGroup()) {
            return keyed(name, object, root);
          }
        }
      }
      throw ParserErrors.unreadable(
          "The HDF5 file has neither a dataset 'images' nor a group 'image' at its root; it has "
              + root.keySet().stream().limit(10).toList());
    }

    private HdfBundle stacked(String name, HdfObject object, SortedMap<String, Long> root)
        throws BundleException {
      HdfDataset dataset = new HdfDataset(storage, object);
      HdfImages images = HdfImages.stacked(name, dataset, limits);
      List<Column> columns = new ArrayList<>();
      long address = root.remove(name);
      collect("", root, images.count(), columns, 0);
      long bytes = images.count() * images.shape().values() * dataset.type().size();
      for (Column column : columns) {
        long row = (long) column.rowElements() * column.type().size();
        bytes = Math.addExact(bytes, Math.multiplyExact(row, images.count()));
      }
      checkInflation(bytes);
      return new HdfBundle(storage, images, true, new long[] {address}, columns);
    }

    private void collect(
        String path, SortedMap<String, Long> group, long count, List<Column> columns, int depth)
        throws BundleException {
      for (var child : group.entrySet()) {
        HdfObject object = HdfObject.read(storage, child.getValue());
        String name = path + child.getKey();
        if (object.isDataset()) {
          collect(name, object, count, columns);
        } else if (object.isGroup() && depth < DEEPEST && seen.add(child.getValue())) {
          collect(name + "/", HdfGroup.list(storage, object), count, columns, depth + 1);
        }
      }
    }

    private void collect(String name, HdfObject object, long count, List<Column> columns)
        throws BundleException {
      HdfDataset dataset = new HdfDataset(storage, object);
      if (dataset.dims().length == 0 || dataset.rows() != count) {
        return;
      }
      if (columns.size() == MOST_LABELS) {
        throw ParserErrors.unreadable("The bundle has more than " + MOST_LABELS + " labels");
      }
      columns.add(HdfColumns.stacked(name, dataset, heap));
    }

    private HdfBundle keyed(String name, HdfObject group, SortedMap<String, Long> root)
        throws BundleException {
      SortedMap<String, Long> children = HdfGroup.list(storage, group);
      if (children.isEmpty()) {
        throw new BundleException(BundleFault.NO_IMAGES, "Group '" + name + "' contains no images");
      }
      List<String> keys = List.copyOf(children.keySet());
      long[] addresses = children.values().stream().mapToLong(Long::longValue).toArray();
      HdfImages images = HdfImages.keyed(keys, datasets(children), limits);
      checkInflation(images.count() * images.shape().values());
      List<Column> columns = new ArrayList<>();
      for (var other : root.entrySet()) {
        HdfObject object = HdfObject.read(storage, other.getValue());
        if (!other.getKey().equals(name) && object.isGroup()) {
          SortedMap<String, Long> values = HdfGroup.list(storage, object);
          if (isLabel(other.getKey(), values, keys)) {
            columns.add(HdfColumns.keyed(other.getKey(), datasets(values), keys.size(), heap));
          }
        }
      }
      return new HdfBundle(storage, images, false, addresses, columns);
    }

    private boolean isLabel(String name, SortedMap<String, Long> values, List<String> keys)
        throws BundleException {
      List<String> missing = keys.stream().filter(key -> !values.containsKey(key)).toList();
      if (!missing.isEmpty() && missing.size() < keys.size()) {
        throw ParserErrors.unreadable(
            "Label '"
                + name
                + "' is missing for "
                + missing.size()
                + " of "
                + keys.size()
                + " images, such as '"
                + missing.get(0)
                + "'");
      }
      values.keySet().retainAll(new HashSet<>(keys));
      return missing.isEmpty();
    }

    private HdfColumns.Datasets datasets(SortedMap<String, Long> children) {
      long[] addresses = children.values().stream().mapToLong(Long::longValue).toArray();
      return index ->
          new HdfDataset(storage, HdfObject.read(storage, addresses[Math.toIntExact(index)]));
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
}
