package io.refinery.bundle;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells whether the order of a bundle's dimensions and keys is what it seems. */
final class HdfOrder {

  private static final Pattern PART = Pattern.compile("\\d+|\\D+");

  private final long[] images;
  private String reversed = "";

  /**
   * @param images the dimensions of the images
   */
  HdfOrder(long[] images) {
    this.images = images;
  }

  /** MATLAB stores dimensions in reverse, so H x W x N there is N x W x H here. */
  static void checkNotReversed(HdfStorage storage, HdfObject images, String where)
      throws BundleException {
    if (HdfAttributeNames.describe(storage, images).containsKey("MATLAB_class")) {
      throw new BundleException(
          BundleFault.AMBIGUOUS,
          where
              + " was written by MATLAB, which stores dimensions in reverse; write it with h5py as"
              + " count x height x width, or as PNG files with refinery bundle pack");
    }
  }

  /** Takes note of a dataset that has one row per length of the images' last dimension. */
  void see(String name, HdfDataset dataset) {
    int last = images.length - 1;
    boolean rows = dataset.dims().length > 0 && dataset.elements() > 0;
    if (rows && last == 2 && images[0] != images[last] && dataset.rows() == images[last]) {
      reversed = reversed.isEmpty() ? name : reversed;
    }
  }

  /** Call if there are no labels with one row per image. */
  void checkLabels(String where) throws BundleException {
    if (!reversed.isEmpty()) {
      throw new BundleException(
          BundleFault.AMBIGUOUS,
          where
              + " is "
              + HdfText.dims(images)
              + " and '"
              + reversed
              + "' has "
              + images[images.length - 1]
              + " rows, so the images may be along the last dimension; write them as count x height"
              + " x width (MATLAB stores dimensions in reverse: permute them before writing), or"
              + " as PNG files with refinery bundle pack");
    }
  }

  /**
   * Whether keys that are sorted as text, as HDF5 does, are in the order of their numbers too:
   * otherwise, as with 1, 10, 2, rows without keys may be in either.
   */
  static boolean isNatural(List<String> keys) {
    for (int i = 1; i < keys.size(); i++) {
      if (compare(keys.get(i - 1), keys.get(i)) > 0) {
        return false;
      }
    }
    return true;
  }

  private static int compare(String one, String other) {
    Matcher left = PART.matcher(one);
    Matcher right = PART.matcher(other);
    while (left.find() && right.find()) {
      boolean numbers =
          Character.isDigit(left.group().charAt(0)) && Character.isDigit(right.group().charAt(0));
      int order =
          numbers
              ? new BigInteger(left.group()).compareTo(new BigInteger(right.group()))
              : left.group().compareTo(right.group());
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
