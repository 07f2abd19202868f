package io.refinery.bundle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An open HDF5 bundle in one of two layouts.
 *
 * <ul>
 *   <li>Stacked: a dataset {@code images} or {@code image} of N x H x W, N x H x W x 1 or N x H x W
 *       x 3, and labels: every other dataset, in groups too, whose first dimension is N.
 *   <li>One dataset per image: a group {@code image} or {@code images}, and labels: every other
 *       group with the same keys, and, if the keys have only one order, every dataset whose first
 *       dimension is N. Images are in the order of the keys.
 * </ul>
 *
 * <p>Soft links inside the file are followed.
 */
final class HdfBundle implements AutoCloseable {

  /** The label that holds the keys of images when they are written in another format. */
  private static final String KEY = "key";

  /** More are not worth their memory: about 50 MB. */
  private static final int MOST_RANGES = 1 << 20;

  private final HdfStorage storage;
  private final HdfPaths paths;
  private final HdfFinder.Found found;
  private final BundleInfo info;

  private HdfBundle(HdfStorage storage, HdfPaths paths, HdfFinder.Found found) {
    this.storage = storage;
    this.paths = paths;
    this.found = found;
    HdfImages images = found.images();
    this.info =
        new BundleInfo(
            BundleFormat.HDF5,
            images.shape(),
            images.count(),
            images.pixels(),
            found.labels().stream().map(Column::name).toList());
  }

  static HdfBundle open(Path file, BundleLimits limits) throws BundleException {
    return ParserErrors.guard(
        "The HDF5 file",
        () -> {
          HdfStorage storage = HdfStorage.open(file);
          try {
            HdfPaths paths = new HdfPaths(storage);
            return new HdfBundle(storage, paths, new HdfFinder(storage, paths, limits).find());
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
    return found.images();
  }

  /** Returns all labels. Some can only be copied with their file: see {@link #conversion}. */
  List<Column> columns() {
    return found.labels();
  }

  /** Returns sentences about how labels were matched to images. */
  List<String> remarks() {
    return found.remarks();
  }

  /** Returns everything in the file. Reads all headers, and the first values of every label. */
  Inventory inventory() throws BundleException {
    return ParserErrors.guard(
        "The HDF5 file",
        () -> {
          List<Inventory.Item> items = new ArrayList<>();
          for (HdfInventory.Thing thing : HdfInventory.list(storage, paths, found)) {
            String values =
                thing.label().map(label -> HdfSample.describe(label, info.count())).orElse("");
            items.add(new Inventory.Item(thing.name(), thing.role(), thing.description() + values));
          }
          return new Inventory(items, found.remarks());
        });
  }

  /**
   * What a copy in another format holds.
   *
   * @param columns labels that it can hold; the keys of images are one of them
   * @param leftOut everything else, other than the images
   */
  record Conversion(List<Column> columns, List<Omission> leftOut) {}

  /** Returns what a table of text can hold. Reads all headers. */
  Conversion conversion() throws BundleException {
    return ParserErrors.guard(
        "The HDF5 file",
        () -> {
          List<Column> columns = new ArrayList<>();
          List<Omission> leftOut = new ArrayList<>();
          if (found.isKeyed() && found.labels().stream().noneMatch(c -> c.name().equals(KEY))) {
            columns.add(Label.strings(KEY, found.keys()).column());
          }
          Set<String> aliases = found.aliases();
          for (Column label : found.labels()) {
            if (aliases.contains(label.name()) || HdfColumns.isUneven(label)) {
              continue;
            }
            Optional<String> obstacle = HdfColumns.obstacle(label);
            if (obstacle.isPresent()) {
              leftOut.add(new Omission(label.name(), obstacle.get()));
            } else {
              columns.add(label);
            }
          }
          for (HdfInventory.Thing thing : HdfInventory.list(storage, paths, found)) {
            if (thing.role() == Inventory.Role.CARRIED) {
              leftOut.add(new Omission(thing.name(), thing.kind().why));
            }
          }
          return new Conversion(List.copyOf(columns), List.copyOf(leftOut));
        });
  }

  /**
   * Reads every label that can be read, so that a corrupt one is refused before it is copied
   * unread.
   */
  void verifyLabels() throws BundleException {
    for (Column label : found.labels()) {
      if (HdfColumns.canBeRead(label)) {
        HdfColumns.readAll(label, info.count());
      }
    }
  }

  HdfStorage storage() {
    return storage;
  }

  /** Whether all images are in one dataset. */
  boolean isStacked() {
    return !found.isKeyed();
  }

  /** Returns the dataset of an image; in a stacked bundle, the one dataset of all. */
  HdfObject imageObject(long image) {
    return HdfObject.read(storage, found.addresses()[isStacked() ? 0 : Math.toIntExact(image)]);
  }

  /** Returns the type in which pixels are stored. */
  HdfType imageType() {
    return found.images().type();
  }

  /** Returns the ranges that the chunks of stacked images take, which new chunks may use. */
  List<HdfSpace.Range> imageRanges() {
    List<HdfSpace.Range> ranges = new ArrayList<>();
    if (isStacked()) {
      HdfDataset dataset = new HdfDataset(storage, imageObject(0));
      dataset.forEachChunk(range -> HdfSpace.addTo(ranges, range));
    }
    return ranges.size() > MOST_RANGES ? List.of() : HdfSpace.joined(ranges);
  }

  @Override
  public void close() {
    storage.close();
  }
}
