package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.jhdf.exceptions.UnsupportedHdfException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks that the bytes of images are of nothing else. A corrupt address, which most of the format
 * has no checksum for, could lead into a label, which replacing the images would overwrite.
 */
final class HdfOverlaps {

  private final HdfStorage storage;
  private final Set<Long> seen = new HashSet<>();

  /** Where ranges of images start, and where they end. */
  private final NavigableMap<Long, Long> images = new TreeMap<>();

  private HdfOverlaps(HdfStorage storage) {
    this.storage = storage;
  }

  /**
   * Reads all headers of a bundle.
   *
   * @throws HdfException when something lies on the bytes of images
   */
  static void check(HdfBundle bundle) {
    HdfOverlaps overlaps = new HdfOverlaps(bundle.storage());
    Set<Long> imageAddresses = new HashSet<>();
    List<HdfSpace.Range> ranges = new ArrayList<>();
    long objects = bundle.isStacked() ? 1 : bundle.info().count();
    for (long i = 0; i < objects; i++) {
      HdfObject object = bundle.imageObject(i);
      if (imageAddresses.add(object.prefix().address())) {
        overlaps.ranges(object, ranges);
      }
    }
    for (HdfSpace.Range range : HdfSpace.joined(ranges)) {
      overlaps.images.put(range.address(), range.end());
    }
    overlaps.visit("/", HdfGroup.root(bundle.storage()), imageAddresses);
  }

  private void visit(String name, HdfObject object, Set<Long> imageAddresses) {
    HdfObject.Prefix prefix = object.prefix();
    if (!seen.add(prefix.address())) {
      return;
    }
    long header = prefix.start() - prefix.address() + prefix.length();
    require(name, new HdfSpace.Range(prefix.address(), header));
    if (object.isDataset() && !imageAddresses.contains(prefix.address())) {
      requireAll(name, object);
    } else if (object.isGroup()) {
      for (Map.Entry<String, HdfLink> link : HdfGroup.list(storage, object).entrySet()) {
        if (link.getValue() instanceof HdfLink.Hard hard) {
          visit(link.getKey(), HdfObject.read(storage, hard.address()), imageAddresses);
        }
      }
    }
  }

  private void requireAll(String name, HdfObject dataset) {
    List<HdfSpace.Range> ranges = new ArrayList<>();
    try {
      ranges(dataset, ranges);
    } catch (UnsupportedHdfException e) {
      // It is only copied, and where its data are is beyond us.
      return;
    }
    ranges.forEach(range -> require(name, range));
  }

  /** Adds where the data of a dataset are. */
  private void ranges(HdfObject object, List<HdfSpace.Range> ranges) {
    HdfDataset dataset = new HdfDataset(storage, object);
    OptionalLong address = dataset.address();
    if (address.isPresent() && dataset.rows() > 0) {
      long bytes = Math.multiplyExact(dataset.rows(), dataset.rowBytes());
      ranges.add(new HdfSpace.Range(address.getAsLong(), bytes));
    }
    dataset.forEachChunk(range -> HdfSpace.addTo(ranges, range));
  }

  private void require(String name, HdfSpace.Range range) {
    Map.Entry<Long, Long> before = images.lowerEntry(range.end());
    if (range.bytes() > 0 && before != null && before.getValue() > range.address()) {
      throw new HdfException("'" + name + "' lies on the bytes of images");
    }
  }
}
