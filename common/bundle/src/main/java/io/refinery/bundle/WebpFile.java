package io.refinery.bundle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The chunks of a WebP file. */
final class WebpFile {

  private static final int HEADER = 12;
  private static final String EXIF = "Exif\0\0";

  private WebpFile() {}

  /**
   * Checks a file's structure and returns its metadata.
   *
   * @param pixels receives the file without its metadata
   */
  static ImageMetadata parse(byte[] file, String where, ByteArrayOutputStream pixels)
      throws BundleException, IOException {
    FileBytes bytes = new FileBytes(file, ByteOrder.LITTLE_ENDIAN);
    MetadataBuilder metadata = new MetadataBuilder();
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    long end = bytes.u32(4) + 8;
    bytes.require(0, end);
    if (end < bytes.length()) {
      metadata.drop("bytes after the end of the image");
    }
    int frames = 0;
    long canvas = -1;
    long size = -1;
    for (long at = HEADER; at + 8 <= end; ) {
      String type = bytes.text(at, 4);
      long length = bytes.u32(at + 4);
      byte[] data = bytes.slice(at + 8, length);
      long next = at + 8 + length + (length & 1);
      if (next > end + 1) {
        throw new IOException("its chunk '" + ZipBundle.printable(type) + "' is too long");
      }
      switch (type) {
        case "EXIF" -> metadata.exif(exif(data));
        case "XMP " -> metadata.xmp(data);
        case "ICCP" -> metadata.icc(data);
        case "ANMF" -> frames++;
        case "VP8 " -> {
          size = lossy(new FileBytes(data, ByteOrder.LITTLE_ENDIAN));
          keep(kept, type, data);
        }
        case "VP8L" -> {
          size = lossless(new FileBytes(data, ByteOrder.LITTLE_ENDIAN));
          keep(kept, type, data);
        }
        case "VP8X" -> {
          FileBytes header = new FileBytes(data, ByteOrder.LITTLE_ENDIAN);
          canvas = size(1 + (header.u32(3) >> 8), 1 + (header.u32(6) >> 8));
          keep(kept, type, data);
        }
        case "ALPH" -> keep(kept, type, data);
        default -> metadata.drop("WebP chunk " + ZipBundle.printable(type.strip()));
      }
      at = next;
    }
    if (frames > 0) {
      throw ImageFaults.pages(where, frames, "frames");
    }
    if (size < 0 || (canvas >= 0 && canvas != size)) {
      throw new IOException("it has no image, or one of another size than its header says");
    }
    pixels.writeBytes("RIFF".getBytes(StandardCharsets.ISO_8859_1));
    pixels.writeBytes(little(kept.size() + 4));
    pixels.writeBytes("WEBP".getBytes(StandardCharsets.ISO_8859_1));
    kept.writeTo(pixels);
    return metadata.build(true);
  }

  /** Returns the size of a key frame. */
  private static long lossy(FileBytes frame) throws IOException {
    long tag = frame.u32(0) & 0xFFFFFF;
    boolean shown = (tag & 1) == 0 && (tag >> 1 & 7) <= 3 && (tag >> 4 & 1) == 1;
    if (!shown || !frame.text(3, 3).equals("\u009d\u0001*")) {
      throw new IOException("its header is corrupt");
    }
    frame.require(10, tag >> 5);
    return size(frame.u16(6) & 0x3FFF, frame.u16(8) & 0x3FFF);
  }

  private static long lossless(FileBytes image) throws IOException {
    long header = image.u32(1);
    if (image.u8(0) != 0x2F || header >> 29 != 0) {
      throw new IOException("its header is corrupt");
    }
    return size(1 + (header & 0x3FFF), 1 + (header >> 14 & 0x3FFF));
  }

  private static long size(long width, long height) {
    return width << 24 | height;
  }

  private static void keep(ByteArrayOutputStream kept, String type, byte[] data) {
    if (type.equals("VP8X") && data.length > 0) {
      // No ICC profile, EXIF or XMP follows.
      data[0] &= ~0x2C;
    }
    kept.writeBytes(type.getBytes(StandardCharsets.ISO_8859_1));
    kept.writeBytes(little(data.length));
    kept.writeBytes(data);
    if (data.length % 2 == 1) {
      kept.write(0);
    }
  }

  /** Some writers keep the prefix that EXIF has in JPEG files. */
  private static byte[] exif(byte[] data) {
    boolean prefixed =
        data.length >= EXIF.length()
            && new String(data, 0, EXIF.length(), StandardCharsets.ISO_8859_1).equals(EXIF);
    return prefixed ? Arrays.copyOfRange(data, EXIF.length(), data.length) : data;
  }

  private static byte[] little(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
