package io.refinery.bundle;

import java.io.IOException;
import java.nio.ByteOrder;

/** The header of a BMP file. */
final class BmpFile {

  private static final int OLD_HEADER = 12;

  private BmpFile() {}

  /** Checks a file's structure and returns its metadata. */
  static ImageMetadata parse(byte[] file, String where) throws BundleException, IOException {
    FileBytes bytes = new FileBytes(file, ByteOrder.LITTLE_ENDIAN);
    MetadataBuilder metadata = new MetadataBuilder();
    long header = bytes.u32(14);
    boolean old = header == OLD_HEADER;
    long width = old ? bytes.u16(18) : bytes.u32(18);
    long height = old ? bytes.u16(20) : Math.abs((long) (int) bytes.u32(22));
    int bits = bytes.u16(old ? 24 : 28);
    if (bits == 16) {
      throw ImageFaults.unsupported(
          where, "has 16 bits per pixel; convert it to 8 bits per channel");
    }
    long compression = old ? 0 : bytes.u32(30);
    if (compression == 0 || compression == 3) {
      bytes.require(bytes.u32(10), Math.multiplyExact((width * bits + 31) / 32 * 4, height));
    }
    if (!old) {
      metadata.dotsPerMetre(bytes.u32(38), bytes.u32(42));
    }
    if (header >= 124 && bytes.u32(14 + 116) != 0) {
      metadata.drop("ICC profile");
    }
    return metadata.build(true);
  }
}
