package io.refinery.bundle;

import io.refinery.image.ImageShape;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Converts PNG and JPEG files to bytes of H x W x C and back, using javax.imageio. Its readers and
 * writers are reused. Not thread-safe.
 *
 * <p>Reads gray and RGB with 8 bits per channel. Palettes are resolved, and a fully opaque alpha
 * channel is dropped. 16 bits per channel are refused, not rounded.
 */
final class ImageCodec implements AutoCloseable {

  private static final int PNG_START = 0x89504E47;
  private static final int JPEG_START = 0xFFD8FF;

  private final ImageReader png = ImageIO.getImageReadersByFormatName("png").next();
  private final ImageReader jpeg = ImageIO.getImageReadersByFormatName("jpeg").next();
  private final ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
  private final ImageWriteParam fast = writer.getDefaultWriteParam();

  ImageCodec() {
    fast.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    // Filtered and deflated at level 4.
    fast.setCompressionQuality(0.5f);
  }

  /** A decoded image as bytes of H x W x C. */
  static final class Decoded {

    private final ImageShape shape;
    private final byte[] bytes;

    Decoded(ImageShape shape, byte[] bytes) {
      this.shape = shape;
      this.bytes = bytes;
    }

    ImageShape shape() {
      return shape;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  /**
   * Decodes a PNG or JPEG file.
   *
   * @param where names the image, at the start of a sentence
   * @throws BundleException when the file cannot be read, or the image is too large; the size is
   *     checked before any pixel is allocated
   */
  Decoded decode(InputStream stream, String where, BundleLimits limits)
      throws BundleException, IOException {
    try (MemoryCacheImageInputStream input = new MemoryCacheImageInputStream(stream)) {
      input.mark();
      int start = input.readInt();
      input.reset();
      ImageReader reader;
      if (start == PNG_START) {
        reader = png;
      } else if (start >>> 8 == JPEG_START) {
        reader = jpeg;
      } else {
        throw ParserErrors.unreadable(where + " is neither a PNG nor a JPEG file");
      }
      reader.setInput(input, true, true);
      try {
        LimitChecks.checkSide(reader.getHeight(0), reader.getWidth(0), where, limits);
        return decode(reader.read(0), where);
      } finally {
        reader.reset();
      }
    }
  }

  private static Decoded decode(BufferedImage image, String where) throws BundleException {
    if (image.getColorModel() instanceof IndexColorModel palette) {
      return decodePalette(image.getRaster(), palette, where);
    }
    Raster raster = image.getRaster();
    if (raster.getTransferType() != DataBuffer.TYPE_BYTE
        || raster.getSampleModel().getSampleSize(0) != 8) {
      throw ParserErrors.unreadable(
          where + " does not have 8 bits per channel; convert it to 8 bits");
    }
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] bytes = (byte[]) raster.getDataElements(0, 0, width, height, null);
    int bands = raster.getNumBands();
    if (bands == 2 || bands == 4) {
      bytes = withoutAlpha(bytes, bands, where);
      bands--;
    }
    if (bands != 1 && bands != 3) {
      throw ParserErrors.unreadable(
          where + " is neither gray nor RGB: it has " + bands + " channels");
    }
    return new Decoded(new ImageShape(bands, height, width), bytes);
  }

  private static byte[] withoutAlpha(byte[] bytes, int bands, String where) throws BundleException {
    byte[] opaque = new byte[bytes.length / bands * (bands - 1)];
    int to = 0;
    for (int i = 0; i < bytes.length; i += bands) {
      if (bytes[i + bands - 1] != -1) {
        throw ParserErrors.unreadable(where + " has transparent pixels; remove its alpha channel");
      }
      for (int c = 0; c < bands - 1; c++) {
        opaque[to++] = bytes[i + c];
      }
    }
    return opaque;
  }

  private static Decoded decodePalette(Raster raster, IndexColorModel palette, String where)
      throws BundleException {
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    boolean gray = Arrays.stream(colours).allMatch(c -> (c & 0xFF) * 0x010101 == (c & 0xFFFFFF));
    int width = raster.getWidth();
    int height = raster.getHeight();
    int[] indices = raster.getSamples(0, 0, width, height, 0, (int[]) null);
    byte[] bytes = new byte[indices.length * (gray ? 1 : 3)];
    int to = 0;
    for (int index : indices) {
      if (index >= colours.length || colours[index] >>> 24 != 0xFF) {
        throw ParserErrors.unreadable(where + " has transparent pixels; remove its alpha channel");
      }
      for (int shift = gray ? 0 : 16; shift >= 0; shift -= 8) {
        bytes[to++] = (byte) (colours[index] >>> shift);
      }
    }
    return new Decoded(new ImageShape(gray ? 1 : 3, height, width), bytes);
  }

  /** Encodes an image as a PNG file with 8 bits per channel. */
  byte[] encode(ImageShape shape, byte[] bytes) throws IOException {
    int channels = shape.channels();
    int[] offsets = channels == 1 ? new int[] {0} : new int[] {0, 1, 2};
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(bytes, bytes.length),
            shape.width(),
            shape.height(),
            shape.width() * channels,
            channels,
            offsets,
            null);
    int space = channels == 1 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB;
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(space), false, false, ColorModel.OPAQUE, DataBuffer.TYPE_BYTE);
    ByteArrayOutputStream file = new ByteArrayOutputStream(bytes.length + 256);
    try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(file)) {
      writer.setOutput(output);
      writer.write(
          null, new IIOImage(new BufferedImage(model, raster, false, null), null, null), fast);
    }
    return file.toByteArray();
  }

  @Override
  public void close() {
    png.dispose();
    jpeg.dispose();
    writer.dispose();
  }
}
