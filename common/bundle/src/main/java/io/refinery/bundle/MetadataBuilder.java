package io.refinery.bundle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.Deflater;

/** Collects an image file's metadata as chunks of PNG. */
final class MetadataBuilder {

  private static final double INCHES_PER_METRE = 1 / 0.0254;

  private static final Set<String> REPEATED = Set.of("tEXt", "zTXt", "iTXt", "sPLT");

  private final List<PngChunk> chunks = new ArrayList<>();
  private final Set<String> dropped = new LinkedHashSet<>();
  private int orientation = 1;

  /** Adds a chunk; of those that a PNG file may hold once, the first is kept. */
  void chunk(String type, byte[] data, int channels) {
    boolean once = !REPEATED.contains(type);
    if (once && chunks.stream().anyMatch(chunk -> chunk.type().equals(type))) {
      drop("second " + type);
    } else {
      chunks.add(new PngChunk(type, data, channels));
    }
  }

  void drop(String kind) {
    dropped.add(kind);
  }

  /** Adds a block of EXIF, which starts with the header of a TIFF file. */
  void exif(byte[] block) {
    if (chunks.stream().noneMatch(chunk -> chunk.type().equals("eXIf"))) {
      orientation = TiffTags.orientation(block);
    }
    chunk("eXIf", block, 0);
  }

  void icc(byte[] profile) {
    String space =
        profile.length < 20 ? "" : new String(profile, 16, 4, StandardCharsets.ISO_8859_1);
    int channels = space.equals("GRAY") ? 1 : 3;
    if (!space.equals("GRAY") && !space.equals("RGB ")) {
      drop("ICC profile");
      return;
    }
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes("ICC profile\0\0".getBytes(StandardCharsets.ISO_8859_1));
    data.writeBytes(deflate(profile));
    chunk("iCCP", data.toByteArray(), channels);
  }

  void xmp(byte[] packet) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes("XML:com.adobe.xmp\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
    data.writeBytes(packet);
    chunk("iTXt", data.toByteArray(), 0);
  }

  /** Adds a comment, whose character set is unknown: UTF-8 if it is valid UTF-8. */
  void comment(byte[] text) {
    int length = text.length;
    while (length > 0 && text[length - 1] == 0) {
      length--;
    }
    String utf8 = ZipNames.utf8(Arrays.copyOf(text, length)).orElse("");
    boolean plain = utf8.isEmpty() || ZipNames.isAscii(utf8);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(
        (plain ? "Comment\0" : "Comment\0\0\0\0\0").getBytes(StandardCharsets.ISO_8859_1));
    for (int i = 0; i < length; i++) {
      // No text of PNG contains zeros.
      data.write(text[i] == 0 ? ' ' : text[i]);
    }
    chunk(plain ? "tEXt" : "iTXt", data.toByteArray(), 0);
  }

  void dotsPerInch(double x, double y) {
    dotsPerMetre(Math.round(x * INCHES_PER_METRE), Math.round(y * INCHES_PER_METRE));
  }

  void dotsPerMetre(long x, long y) {
    if (x > 0 && y > 0 && x <= Integer.MAX_VALUE && y <= Integer.MAX_VALUE) {
      pixelSize((int) x, (int) y, 1);
    }
  }

  /** Adds the aspect ratio of pixels. */
  void aspect(int x, int y) {
    if (x > 0 && y > 0 && x != y) {
      pixelSize(x, y, 0);
    }
  }

  private void pixelSize(int x, int y, int unit) {
    chunk("pHYs", ByteBuffer.allocate(9).putInt(x).putInt(y).put((byte) unit).array(), 0);
  }

  private static byte[] deflate(byte[] bytes) {
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] block = new byte[4096];
      while (!deflater.finished()) {
        out.write(block, 0, deflater.deflate(block));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  ImageMetadata build(boolean colour) {
    return new ImageMetadata(chunks, List.copyOf(dropped), orientation, colour);
  }
}
