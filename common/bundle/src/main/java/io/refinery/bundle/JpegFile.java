package io.refinery.bundle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/** The segments of a JPEG file. */
final class JpegFile {

  private static final int START_OF_SCAN = 0xDA;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int COMMENT = 0xFE;
  private static final int APP0 = 0xE0;

  /** Says how colours are coded. */
  private static final int ADOBE = 0xEE;

  private static final String EXIF = "Exif\0\0";
  private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
  private static final String ICC = "ICC_PROFILE\0";

  private final FileBytes bytes;
  private final String where;
  private final ByteArrayOutputStream pixels;
  private final MetadataBuilder metadata = new MetadataBuilder();
  private final Map<Integer, byte[]> profile = new TreeMap<>();
  private int components;

  private JpegFile(byte[] file, String where, ByteArrayOutputStream pixels) {
    this.pixels = pixels;
    this.bytes = new FileBytes(file, ByteOrder.BIG_ENDIAN);
    this.where = where;
  }

  /**
   * Checks a file's structure and returns its metadata.
   *
   * @param pixels receives the file without its metadata
   */
  static ImageMetadata parse(byte[] file, String where, ByteArrayOutputStream pixels)
      throws BundleException, IOException {
    return new JpegFile(file, where, pixels).parse();
  }

  private ImageMetadata parse() throws BundleException, IOException {
    long at = 2;
    keep(0, 2);
    while (true) {
      if (bytes.u8(at) != 0xFF) {
        throw new IOException("it has no marker at byte " + at);
      }
      int marker = bytes.u8(at + 1);
      if (marker == 0xFF) {
        at++;
        continue;
      }
      if (marker == END_OF_IMAGE) {
        keep(at, 2);
        break;
      }
      int length = bytes.u16(at + 2);
      segment(marker, at + 4, length - 2);
      long end = at + 2 + length;
      if (marker == START_OF_SCAN) {
        end = endOfScan(end);
      }
      boolean about = marker == COMMENT || (marker > APP0 && marker <= 0xEF);
      if (!about || marker == ADOBE) {
        keep(at, end - at);
      }
      at = end;
    }
    if (components == 0) {
      throw new IOException("it has no image");
    }
    if (at + 2 < bytes.length()) {
      metadata.drop("bytes after the end of the image");
    }
    if (!profile.isEmpty()) {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      profile.values().forEach(whole::writeBytes);
      metadata.icc(whole.toByteArray());
    }
    return metadata.build(components == 3);
  }

  private void keep(long from, long length) throws IOException {
    pixels.writeBytes(bytes.slice(from, length));
  }

  private long endOfScan(long from) throws IOException {
    long at = from;
    while (true) {
      if (bytes.u8(at) == 0xFF) {
        int next = bytes.u8(at + 1);
        boolean inScan = next == 0 || (next >= 0xD0 && next <= 0xD7);
        if (!inScan && next != 0xFF) {
          return at;
        }
      }
      at++;
    }
  }

  private void segment(int marker, long at, int length) throws BundleException, IOException {
    bytes.require(at, length);
    boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8;
    if (frame && marker != 0xCC) {
      frame(marker, at);
    } else if (marker == COMMENT) {
      metadata.comment(bytes.slice(at, length));
    } else if (marker == APP0) {
      density(at, length);
    } else if (marker > APP0 && marker <= 0xEF) {
      application(marker - APP0, at, length);
    }
  }

  private void frame(int process, long at) throws BundleException, IOException {
    if (bytes.u8(at) != 8) {
      throw ImageFaults.depth(where, bytes.u8(at));
    }
    if (process > 0xC2) {
      throw ImageFaults.unsupported(
          where, "is a lossless, hierarchical or arithmetic-coded JPEG; convert it to PNG");
    }
    components = bytes.u8(at + 5);
    if (components == 4) {
      throw ImageFaults.colours(where, "CMYK");
    }
    if (components != 1 && components != 3) {
      throw ImageFaults.colours(where, "of " + components + " channels");
    }
  }

  private void density(long at, int length) throws IOException {
    if (length < 12 || !bytes.text(at, 5).equals("JFIF\0")) {
      return;
    }
    int x = bytes.u16(at + 8);
    int y = bytes.u16(at + 10);
    switch (bytes.u8(at + 7)) {
      case 1 -> metadata.dotsPerInch(x, y);
      case 2 -> metadata.dotsPerMetre(100L * x, 100L * y);
      default -> metadata.aspect(x, y);
    }
  }

  private void application(int number, long at, int length) throws IOException {
    if (number == 1 && starts(at, length, EXIF)) {
      metadata.exif(bytes.slice(at + EXIF.length(), length - EXIF.length()));
    } else if (number == 1 && starts(at, length, XMP)) {
      metadata.xmp(bytes.slice(at + XMP.length(), length - XMP.length()));
    } else if (number == 2 && starts(at, length, ICC) && length > ICC.length() + 2) {
      int part = bytes.u8(at + ICC.length());
      profile.put(part, bytes.slice(at + ICC.length() + 2, length - ICC.length() - 2));
    } else if (number == 13) {
      metadata.drop("IPTC and Photoshop data (APP13)");
    } else if (number != 14) {
      metadata.drop("JPEG segment APP" + number);
    }
  }

  private boolean starts(long at, int length, String text) throws IOException {
    return length >= text.length() && bytes.text(at, text.length()).equals(text);
  }
}
