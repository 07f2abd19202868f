package io.refinery.bundle.pack;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.NumberType;
import io.refinery.bundle.Omission;
import io.refinery.bundle.array.ArrayFile;
import io.refinery.bundle.array.NamedArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Images and labels among the arrays of a file.
 *
 * @param images uint8 of N x H x W x C, where C is 1 or 3
 * @param labels arrays whose first dimension is N
 * @param leftOut all other arrays
 */
record ArrayBundle(NamedArray images, List<NamedArray> labels, List<Omission> leftOut) {

  /**
   * Finds the images of a file.
   *
   * @param name of the array of images; empty if there is only one that can be
   * @param axes the meaning of its dimensions, such as {@code HWN}; empty for N x H x W or N x H x
   *     W x C
   * @throws BundleException when it is not certain which array holds images, or how
   */
  static ArrayBundle of(ArrayFile file, Optional<String> name, Optional<String> axes)
      throws BundleException {
    NamedArray chosen = name.isPresent() ? named(file, name.get()) : only(file);
    requireBytes(chosen);
    if (chosen.elements() == 0) {
      throw new BundleException(
          BundleFault.NO_IMAGES, "Array '" + chosen.name() + "' is empty: " + shape(chosen));
    }
    NamedArray images = turned(chosen, axes);
    List<NamedArray> labels = new ArrayList<>();
    List<Omission> leftOut = new ArrayList<>(file.leftOut());
    int count = images.dims()[0];
    for (NamedArray array : file.arrays()) {
      if (array == chosen) {
        continue;
      }
      boolean label = array.dims().length > 0 && array.dims()[0] == count && array.elements() > 0;
      if (label) {
        labels.add(array);
      } else {
        leftOut.add(
            new Omission(
                array.name(),
                shape(array) + " does not have a row for each of " + count + " images"));
      }
    }
    requireCertainCount(images, chosen, file, axes);
    return new ArrayBundle(images, List.copyOf(labels), List.copyOf(leftOut));
  }

  private static NamedArray named(ArrayFile file, String name) throws BundleException {
    return file.arrays().stream()
        .filter(array -> array.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BundleException(
                    BundleFault.NO_IMAGES,
                    "There is no array '" + name + "'; the file has " + names(file.arrays())));
  }

  private static NamedArray only(ArrayFile file) throws BundleException {
    List<NamedArray> candidates =
        file.arrays().stream()
            .filter(array -> array.type().equals(Optional.of(NumberType.UINT8)))
            .filter(array -> array.dims().length == 3 || array.dims().length == 4)
            .toList();
    if (candidates.isEmpty()) {
      throw new BundleException(
          BundleFault.NO_IMAGES,
          "No array holds images: uint8 of N x H x W or N x H x W x 3. The file has "
              + names(file.arrays()));
    }
    if (candidates.size() > 1) {
      throw new BundleException(
          BundleFault.AMBIGUOUS,
          "Several arrays may hold the images: "
              + names(candidates)
              + ". Name one with --images, such as --images "
              + candidates.get(0).name());
    }
    return candidates.get(0);
  }

  private static void requireBytes(NamedArray array) throws BundleException {
    if (!array.type().equals(Optional.of(NumberType.UINT8))) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "Array '" + array.name() + "' is " + shape(array) + "; images must be uint8, 0 to 255");
    }
  }

  /** Returns the images as N x H x W x C. */
  private static NamedArray turned(NamedArray array, Optional<String> axes) throws BundleException {
    int rank = array.dims().length;
    String order = axes.orElse(rank == 3 ? "NHW" : "NHWC");
    String expected = rank == 3 ? "NHW" : "CHNW";
    String sorted =
        order.chars().sorted().mapToObj(Character::toString).collect(Collectors.joining());
    if (!sorted.equals(
        expected.chars().sorted().mapToObj(Character::toString).collect(Collectors.joining()))) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "Array '"
              + array.name()
              + "' is "
              + shape(array)
              + ", which the axes "
              + order
              + " do not describe; give one letter per dimension: N, H, W, and C if it has four");
    }
    String wanted = rank == 3 ? "NHW" : "NHWC";
    NamedArray turned =
        order.equals(wanted) ? array : array.permuted(wanted.chars().map(order::indexOf).toArray());
    int channels = rank == 3 ? 1 : turned.dims()[3];
    if (channels != 1 && channels != 3) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "Array '"
              + array.name()
              + "' is "
              + shape(array)
              + ": the axis of colours must be 1 or 3 long; name the axes with --axes, such as"
              + " --axes NCHW");
    }
    return turned;
  }

  /** Refuses images of which another dimension than the first fits the labels. */
  private static void requireCertainCount(
      NamedArray images, NamedArray chosen, ArrayFile file, Optional<String> axes)
      throws BundleException {
    int[] dims = images.dims();
    int[] rows =
        file.arrays().stream()
            .filter(array -> array != chosen && array.dims().length > 0 && array.dims()[0] > 1)
            .mapToInt(array -> array.dims()[0])
            .toArray();
    boolean first = Arrays.stream(rows).anyMatch(row -> row == dims[0]);
    boolean last = Arrays.stream(rows).anyMatch(row -> row == dims[1] || row == dims[2]);
    if (axes.isEmpty() && !first && last) {
      throw new BundleException(
          BundleFault.AMBIGUOUS,
          "Array '"
              + chosen.name()
              + "' is "
              + shape(chosen)
              + ", but the labels fit another of its dimensions than the first; name the axes with"
              + " --axes, such as --axes HWN");
    }
  }

  private static String names(List<NamedArray> arrays) {
    return arrays.stream()
        .limit(10)
        .map(array -> array.name() + " (" + shape(array) + ")")
        .collect(Collectors.joining(", "));
  }

  /** Describes an array, such as {@code uint8 of 12 x 35 x 55}. */
  static String shape(NamedArray array) {
    String type = array.type().map(Enum::toString).orElse("text").toLowerCase(Locale.ROOT);
    return array.dims().length == 0
        ? type
        : type
            + " of "
            + Arrays.stream(array.dims())
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" x "));
  }
}
