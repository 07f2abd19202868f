package io.refinery.bundle;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/** The members of a group with one dataset per image, in the order of their keys. */
final class HdfKeys {

  private final HdfStorage storage;
  private final List<String> keys;
  private final long[] addresses;
  private final List<HdfPaths.Target> broken;
  private final int firstBroken;

  private HdfKeys(
      HdfStorage storage,
      List<String> keys,
      long[] addresses,
      List<HdfPaths.Target> broken,
      int firstBroken) {
    this.storage = storage;
    this.keys = keys;
    this.addresses = addresses;
    this.broken = broken;
    this.firstBroken = firstBroken;
  }

  static HdfKeys of(
      HdfStorage storage, HdfPaths paths, SortedMap<String, HdfLink> members, long group) {
    long[] addresses = new long[members.size()];
    List<HdfPaths.Target> broken = List.of();
    int firstBroken = -1;
    int i = 0;
    for (HdfLink link : members.values()) {
      HdfPaths.Target target = paths.follow(link, group);
      addresses[i] = target.address();
      if (!target.isFound() && firstBroken < 0) {
        broken = List.of(target);
        firstBroken = i;
      }
      i++;
    }
    return new HdfKeys(storage, List.copyOf(members.keySet()), addresses, broken, firstBroken);
  }

  /** Returns the datasets; each is opened when it is asked for. */
  HdfColumns.Datasets datasets() {
    return index ->
        new HdfDataset(storage, HdfObject.read(storage, addresses[Math.toIntExact(index)]));
  }

  long[] addresses() {
    return addresses;
  }

  boolean isDataset(String key) {
    long address = addresses[keys.indexOf(key)];
    return address != HdfStorage.UNDEFINED && HdfObject.read(storage, address).isDataset();
  }

  /** Checks that every image is a dataset; that of a wrong size is found when it is read. */
  void checkImages(String group) throws BundleException {
    if (firstBroken >= 0) {
      throw broken.get(0).refusal("Image '" + group + "/" + keys.get(firstBroken) + "'");
    }
    if (!HdfObject.read(storage, addresses[0]).isDataset()) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "Group '"
              + group
              + "' has groups as members, such as '"
              + keys.get(0)
              + "'; it must have one dataset per image");
    }
    long[] sorted = addresses.clone();
    Arrays.sort(sorted);
    boolean twice = false;
    for (int i = 1; i < sorted.length; i++) {
      twice |= sorted[i] == sorted[i - 1];
    }
    if (twice) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "Group '" + group + "' has the same dataset under several keys; store every image once");
    }
  }

  void checkLabel(String group) throws BundleException {
    if (firstBroken >= 0) {
      throw broken.get(0).refusal("Label '" + group + "/" + keys.get(firstBroken) + "'");
    }
  }
}
