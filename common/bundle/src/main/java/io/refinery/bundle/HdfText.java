package io.refinery.bundle;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Words for the shapes and names in an HDF5 file. */
final class HdfText {

  private static final int MOST_NAMES = 3;

  private HdfText() {}

  /** Returns {@code , 3 x 4}; nothing for a single value. */
  static String shape(HdfDataspace space) {
    if (space.isNull()) {
      return ", empty";
    }
    return space.dims().length == 0 ? "" : ", " + dims(space.dims());
  }

  static String dims(long[] dims) {
    return Arrays.stream(dims).mapToObj(Long::toString).collect(Collectors.joining(" x "));
  }

  /** Returns the first few names, quoted. */
  static String some(List<String> names) {
    return names.stream()
            .limit(MOST_NAMES)
            .map(name -> "'" + name + "'")
            .collect(Collectors.joining(", "))
        + (names.size() > MOST_NAMES ? ", ..." : "");
  }
}
