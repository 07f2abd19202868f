package io.refinery.bundle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/** The chunks of a PNG file. */
final class PngFile {

  static final long SIGNATURE = 0x89504E470D0A1A0AL;

  private static final int HEADER = 8;
  private static final int AROUND_DATA = 12;
  private static final Set<String> PIXELS = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

  /** Chunks about the colours of gray or RGB images. */
  private static final Set<String> OF_COLOURS = Set.of("iCCP", "bKGD", "sBIT", "cICP");

  private static final Set<String> KEPT =
      Set.of(
          "tEXt", "zTXt", "iTXt", "gAMA", "cHRM", "sRGB", "pHYs", "tIME", "sPLT", "oFFs", "pCAL",
          "sCAL", "mDCV", "cLLI");

  private PngFile() {}

  /**
   * Checks a file's structure and returns its metadata.
   *
   * @param pixels receives the file without its metadata
   */
  static ImageMetadata parse(
      byte[] file, String where, BundleLimits limits, ByteArrayOutputStream pixels)
      throws BundleException, IOException {
    FileBytes bytes = new FileBytes(file, ByteOrder.BIG_ENDIAN);
    MetadataBuilder metadata = new MetadataBuilder();
    pixels.write(file, 0, HEADER);
    int colourType = -1;
    int depth = 0;
    long at = HEADER;
    String type = "";
    while (!type.equals("IEND")) {
      long length = bytes.u32(at);
      type = bytes.text(at + 4, 4);
      int start = bytes.require(at + HEADER, length + 4);
      requireChecksum(bytes, start, (int) length, type);
      if (colourType < 0) {
        if (!type.equals("IHDR") || length != 13) {
          throw new IOException("its first chunk is not a header");
        }
        LimitChecks.checkSide(bytes.u32(start + 4), bytes.u32(start), where, limits);
        depth = file[start + 8];
        colourType = file[start + 9];
        if (depth == 16) {
          throw ImageFaults.depth(where, 16);
        }
      }
      if (PIXELS.contains(type)) {
        pixels.write(file, start - HEADER, (int) length + AROUND_DATA);
        if (type.equals("tRNS")) {
          metadata.drop("transparent colour (tRNS)");
        }
      } else if (type.equals("acTL") && bytes.u32(start) > 1) {
        throw ImageFaults.pages(where, bytes.u32(start), "frames");
      } else if (Character.isUpperCase(type.charAt(0))) {
        throw new IOException("it has an unknown chunk '" + ZipBundle.printable(type) + "'");
      } else {
        add(metadata, type, bytes.slice(start, length), colourType, depth);
      }
      at = start + length + 4;
    }
    if (at < file.length) {
      metadata.drop("bytes after the end of the image");
    }
    return metadata.build((colourType & 2) != 0);
  }

  private static void requireChecksum(FileBytes bytes, int start, int length, String type)
      throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(bytes.slice(start - 4L, length + 4L));
    if (checksum.getValue() != bytes.u32(start + (long) length)) {
      throw new IOException(
          "the checksum of its chunk '" + ZipBundle.printable(type) + "' is wrong");
    }
  }

  private static void add(
      MetadataBuilder metadata, String type, byte[] data, int colourType, int depth) {
    boolean safeToCopy = Character.isLowerCase(type.charAt(3));
    if (type.equals("eXIf")) {
      metadata.exif(data);
    } else if (type.equals("iCCP")) {
      metadata.chunk(type, data, (colourType & 2) != 0 ? 3 : 1);
    } else if (OF_COLOURS.contains(type) && depth == 8 && (colourType == 0 || colourType == 2)) {
      metadata.chunk(type, data, colourType == 0 ? 1 : 3);
    } else if (KEPT.contains(type) || (safeToCopy && !OF_COLOURS.contains(type))) {
      metadata.chunk(type, data, 0);
    } else {
      metadata.drop("PNG chunk " + ZipBundle.printable(type));
    }
  }

  /** Returns a PNG file with more chunks between its header and its pixels. */
  static byte[] with(byte[] png, List<PngChunk> chunks) {
    if (chunks.isEmpty()) {
      return png;
    }
    int header = HEADER + AROUND_DATA + 13;
    ByteArrayOutputStream file = new ByteArrayOutputStream(png.length + 1024);
    file.write(png, 0, header);
    for (PngChunk chunk : chunks) {
      byte[] type = chunk.type().getBytes(StandardCharsets.ISO_8859_1);
      CRC32 checksum = new CRC32();
      checksum.update(type);
      checksum.update(chunk.data());
      file.writeBytes(ByteBuffer.allocate(4).putInt(chunk.data().length).array());
      file.writeBytes(type);
      file.writeBytes(chunk.data());
      file.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }
    file.write(png, header, png.length - header);
    return file.toByteArray();
  }
}
