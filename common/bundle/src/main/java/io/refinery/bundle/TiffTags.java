package io.refinery.bundle;

import com.twelvemonkeys.imageio.metadata.CompoundDirectory;
import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tags of a TIFF file, which are also those of EXIF. */
final class TiffTags {

  private TiffTags() {}

  /** Returns the directories of all pages. */
  static List<Directory> pages(byte[] file) throws IOException {
    try (ByteArrayImageInputStream stream = new ByteArrayImageInputStream(file)) {
      Directory all = new TIFFReader().read(stream);
      if (!(all instanceof CompoundDirectory pages)) {
        return List.of(all);
      }
      List<Directory> found = new ArrayList<>();
      for (int i = 0; i < pages.directoryCount(); i++) {
        found.add(pages.getDirectory(i));
      }
      return found;
    }
  }

  /** Returns 1 to 8; 1 also where EXIF says nothing, or cannot be read. */
  static int orientation(byte[] exif) {
    try {
      List<Directory> pages = pages(exif);
      return pages.isEmpty() ? 1 : orientation(pages.get(0));
    } catch (IOException | RuntimeException e) {
      // Viewers ignore such a block.
      return 1;
    }
  }

  static int orientation(Directory page) {
    int orientation = (int) number(page, TIFF.TAG_ORIENTATION).orElse(1L).longValue();
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
  }

  /** Returns the number, or the first of several. */
  static Optional<Long> number(Directory page, int tag) {
    long[] numbers = numbers(page, tag);
    return numbers.length == 0 ? Optional.empty() : Optional.of(numbers[0]);
  }

  static long[] numbers(Directory page, int tag) {
    Entry entry = page.getEntryById(tag);
    Object value = entry == null ? null : entry.getValue();
    if (value instanceof Number number) {
      return new long[] {number.longValue()};
    }
    if (value == null || !value.getClass().isArray()) {
      return new long[0];
    }
    long[] numbers = new long[Array.getLength(value)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Array.get(value, i) instanceof Number number ? number.longValue() : 0;
    }
    return numbers;
  }
}
