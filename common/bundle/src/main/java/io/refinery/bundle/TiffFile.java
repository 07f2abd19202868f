package io.refinery.bundle;

import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** The tags of a TIFF file of one page. */
final class TiffFile {

  private static final Set<Long> READABLE_COMPRESSIONS =
      Set.of(1L, 2L, 3L, 4L, 5L, 7L, 8L, 32773L, 32946L);

  /** Tags that describe the image and not the file. */
  private static final Set<Integer> DESCRIBING =
      Set.of(
          TIFF.TAG_IMAGE_DESCRIPTION,
          TIFF.TAG_MAKE,
          TIFF.TAG_MODEL,
          TIFF.TAG_ORIENTATION,
          TIFF.TAG_X_RESOLUTION,
          TIFF.TAG_Y_RESOLUTION,
          TIFF.TAG_RESOLUTION_UNIT,
          TIFF.TAG_SOFTWARE,
          TIFF.TAG_DATE_TIME,
          TIFF.TAG_ARTIST,
          TIFF.TAG_HOST_COMPUTER,
          TIFF.TAG_COPYRIGHT,
          TIFF.TAG_EXIF_IFD,
          TIFF.TAG_GPS_IFD);

  /** Tags that say how pixels are stored. */
  private static final Set<Integer> STORAGE =
      Set.of(
          254, 255, 256, 257, 258, 259, 262, 263, 266, 273, 277, 278, 279, 280, 281, 284, 288, 289,
          290, 291, 292, 293, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 338, 339, 347,
          529, 530, 531, 532);

  private TiffFile() {}

  /** Checks a file's structure and returns its metadata. */
  static ImageMetadata parse(byte[] file, String where) throws BundleException, IOException {
    boolean little = file.length > 1 && file[0] == 'I';
    FileBytes bytes = new FileBytes(file, little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    if (bytes.u16(2) == 43) {
      throw ImageFaults.unsupported(where, "is a BigTIFF; convert it to PNG");
    }
    List<Directory> pages = TiffTags.pages(file);
    if (pages.size() != 1) {
      throw ImageFaults.pages(where, pages.size(), "pages");
    }
    Directory page = pages.get(0);
    requireReadable(page, where);
    long kind = requireKind(page);
    new TiffStrips(page, bytes).check();
    return metadata(page).build(kind > 1);
  }

  private static void requireReadable(Directory page, String where) throws BundleException {
    for (long bits : TiffTags.numbers(page, TIFF.TAG_BITS_PER_SAMPLE)) {
      if (bits > 8) {
        throw ImageFaults.depth(where, (int) bits);
      }
    }
    for (long format : TiffTags.numbers(page, TIFF.TAG_SAMPLE_FORMAT)) {
      if (format != 1) {
        throw ImageFaults.unsupported(
            where, "has pixels that are signed or floats; convert it to 8 bits without sign");
      }
    }
    long kind = TiffTags.number(page, TIFF.TAG_PHOTOMETRIC_INTERPRETATION).orElse(0L);
    if (kind == 5) {
      throw ImageFaults.colours(where, "CMYK");
    }
    if (kind != 0 && kind != 1 && kind != 2 && kind != 3 && kind != 6) {
      throw ImageFaults.colours(where, "a TIFF of photometric interpretation " + kind);
    }
    long compression = TiffTags.number(page, TIFF.TAG_COMPRESSION).orElse(1L);
    if (!READABLE_COMPRESSIONS.contains(compression)) {
      throw ImageFaults.unsupported(
          where, "is a TIFF of compression " + compression + "; convert it to PNG");
    }
  }

  /** Returns the photometric interpretation, with which the number of samples must agree. */
  private static long requireKind(Directory page) throws IOException {
    long kind = TiffTags.number(page, TIFF.TAG_PHOTOMETRIC_INTERPRETATION).orElse(-1L);
    long samples = TiffTags.number(page, TIFF.TAG_SAMPLES_PER_PIXEL).orElse(1L);
    long colours = kind == 2 || kind == 6 ? 3 : 1;
    int bits = TiffTags.numbers(page, TIFF.TAG_BITS_PER_SAMPLE).length;
    if (kind < 0 || samples < colours || samples > colours + 1 || (bits != 0 && bits != samples)) {
      throw new IOException("its tags contradict each other");
    }
    return kind;
  }

  private static MetadataBuilder metadata(Directory page) throws IOException {
    MetadataBuilder metadata = new MetadataBuilder();
    List<Entry> described = new ArrayList<>();
    for (Entry entry : page) {
      int tag = (Integer) entry.getIdentifier();
      if (DESCRIBING.contains(tag)) {
        described.add(entry);
      } else if (tag == TIFF.TAG_ICC_PROFILE && entry.getValue() instanceof byte[] profile) {
        metadata.icc(profile);
      } else if (tag == TIFF.TAG_XMP && entry.getValue() instanceof byte[] packet) {
        metadata.xmp(packet);
      } else if (!STORAGE.contains(tag)) {
        metadata.drop("TIFF tag " + tag);
      }
    }
    if (!described.isEmpty()) {
      ByteArrayOutputStream block = new ByteArrayOutputStream();
      try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(block)) {
        new TIFFWriter().write(described, stream);
      }
      metadata.exif(block.toByteArray());
    }
    return metadata;
  }
}
