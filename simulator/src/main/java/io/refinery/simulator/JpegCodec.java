package io.refinery.simulator;

import io.refinery.image.ImageShape;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Compresses gray images as JPEG and decodes them again, in memory. */
final class JpegCodec implements AutoCloseable {

  private final BufferedImage image;
  private final byte[] pixels;
  private final ImageWriter writer;
  private final ImageReader reader;

  JpegCodec(ImageShape shape) {
    image = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_BYTE_GRAY);
    pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    reader = ImageIO.getImageReadersByFormatName("jpeg").next();
  }

  /**
   * Compresses and decodes an image.
   *
   * @param levels height x width gray levels
   * @param quality 0 to 1
   */
  byte[] roundTrip(byte[] levels, float quality) {
    System.arraycopy(levels, 0, pixels, 0, pixels.length);
    try {
      return decode(encode(quality));
    } catch (IOException e) {
      throw new UncheckedIOException("Could not encode or decode a JPEG in memory", e);
    }
  }

  @Override
  public void close() {
    writer.dispose();
    reader.dispose();
  }

  private byte[] encode(float quality) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriteParam how = writer.getDefaultWriteParam();
    how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    how.setCompressionQuality(quality);
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), how);
    }
    return bytes.toByteArray();
  }

  private byte[] decode(byte[] jpeg) throws IOException {
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg))) {
      reader.setInput(in, true, true);
      return ((DataBufferByte) reader.read(0).getRaster().getDataBuffer()).getData();
    }
  }
}
