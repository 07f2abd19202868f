package io.refinery.bundle;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Converts PNG, JPEG, BMP, GIF, TIFF and WebP files to bytes of H x W x C, and back to PNG, using
 * javax.imageio. Its readers and writers are reused. Not thread-safe.
 *
 * <p>Reads gray and RGB with 8 bits per channel. Palettes are resolved, and a fully opaque alpha
 * channel is dropped. 16 bits per channel are refused, not rounded. Files are refused that are not
 * whole, or about whose data their reader warns.
 */
final class ImageCodec implements AutoCloseable {

  /** Warnings about what is not in the pixels. */
  private static final Pattern HARMLESS = Pattern.compile("(?i)icc|profile|thumbnail|jfif|density");

  private final Map<ImageFormat, ImageReader> readers = new EnumMap<>(ImageFormat.class);
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
   * Which channels to read.
   *
   * @param gray whether to read colour images as gray, and to refuse those with colours
   * @param colour whether to read palettes as colours, even if all are gray
   */
  record Channels(boolean gray, boolean colour) {}

  /**
   * Checks a file's structure, but not its pixels, and returns its metadata.
   *
   * @param where names the image, at the start of a sentence
   */
  static ImageMetadata metadata(byte[] file, String where, BundleLimits limits)
      throws BundleException, IOException {
    return ImageFormat.of(file, where).parse(file, where, limits, new ByteArrayOutputStream());
  }

  /**
   * Decodes an image file.
   *
   * @param where names the image, at the start of a sentence
   * @param upright whether to turn the image as its EXIF orientation says
   * @throws BundleException when the file cannot be read, or the image is too large; the size is
   *     checked before any pixel is allocated
   */
  Decoded decode(byte[] file, String where, BundleLimits limits, Channels channels, boolean upright)
      throws BundleException, IOException {
    ImageFormat format = ImageFormat.of(file, where);
    ByteArrayOutputStream pixels = new ByteArrayOutputStream(file.length);
    ImageMetadata metadata = format.parse(file, where, limits, pixels);
    BufferedImage image = read(format, pixels.toByteArray(), where, limits);
    Decoded decoded =
        image.getColorModel() instanceof IndexColorModel palette
            ? decodePalette(image.getRaster(), palette, where, channels)
            : decodeChannels(image.getRaster(), where, channels);
    return upright ? Orientation.upright(decoded, metadata.orientation()) : decoded;
  }

  private BufferedImage read(ImageFormat format, byte[] file, String where, BundleLimits limits)
      throws BundleException, IOException {
    ImageReader reader = readers.computeIfAbsent(format, ImageCodec::reader);
    List<String> warnings = new ArrayList<>();
    try (ImageInputStream input =
        format == ImageFormat.WEBP ? new WebpInput(file) : new ByteArrayImageInputStream(file)) {
      reader.setInput(input, false, true);
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      LimitChecks.checkSide(reader.getHeight(0), reader.getWidth(0), where, limits);
      BufferedImage image = reader.read(0);
      for (String warning : warnings) {
        if (!HARMLESS.matcher(warning).find()) {
          throw new IOException(warning);
        }
      }
      return image;
    } finally {
      reader.reset();
    }
  }

  private static ImageReader reader(ImageFormat format) {
    return ImageIO.getImageReadersByFormatName(format.reader()).next();
  }

  private static Decoded decodeChannels(Raster raster, String where, Channels channels)
      throws BundleException {
    for (int bits : raster.getSampleModel().getSampleSize()) {
      if (bits != 8 || raster.getTransferType() != DataBuffer.TYPE_BYTE) {
        throw ImageFaults.depth(where, bits);
      }
    }
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] bytes = (byte[]) raster.getDataElements(0, 0, width, height, null);
    int bands = raster.getNumBands();
    if (bands == 2 || bands == 4) {
      bytes = withoutAlpha(bytes, bands, where);
      bands--;
    }
    if (bands != 1 && bands != 3) {
      throw ImageFaults.colours(where, "of " + bands + " channels");
    }
    if (bands == 3 && channels.gray()) {
      bytes = gray(bytes, where);
      bands = 1;
    }
    return new Decoded(new ImageShape(bands, height, width), bytes);
  }

  private static byte[] withoutAlpha(byte[] bytes, int bands, String where) throws BundleException {
    byte[] opaque = new byte[bytes.length / bands * (bands - 1)];
    int to = 0;
    for (int i = 0; i < bytes.length; i += bands) {
      if (bytes[i + bands - 1] != -1) {
        throw ImageFaults.transparent(where);
      }
      for (int c = 0; c < bands - 1; c++) {
        opaque[to++] = bytes[i + c];
      }
    }
    return opaque;
  }

  private static byte[] gray(byte[] bytes, String where) throws BundleException {
    byte[] gray = new byte[bytes.length / 3];
    for (int i = 0; i < gray.length; i++) {
      gray[i] = bytes[3 * i];
      if (gray[i] != bytes[3 * i + 1] || gray[i] != bytes[3 * i + 2]) {
        throw notGray(where);
      }
    }
    return gray;
  }

  private static BundleException notGray(String where) {
    return new BundleException(
        BundleFault.NOT_GRAY,
        where
            + " is in colour, but the model takes gray images; convert it, or name another model");
  }

  private static Decoded decodePalette(
      Raster raster, IndexColorModel palette, String where, Channels channels)
      throws BundleException {
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    int width = raster.getWidth();
    int height = raster.getHeight();
    int[] indices = raster.getSamples(0, 0, width, height, 0, (int[]) null);
    boolean gray = true;
    for (int index : indices) {
      if (index >= colours.length) {
        throw ParserErrors.unreadable(where + " has pixels of a colour that its palette lacks");
      }
      if (colours[index] >>> 24 != 0xFF) {
        throw ImageFaults.transparent(where);
      }
      gray &= (colours[index] & 0xFF) * 0x010101 == (colours[index] & 0xFFFFFF);
    }
    if (!gray && channels.gray()) {
      throw notGray(where);
    }
    gray &= !channels.colour();
    byte[] bytes = new byte[indices.length * (gray ? 1 : 3)];
    int to = 0;
    for (int index : indices) {
      for (int shift = gray ? 0 : 16; shift >= 0; shift -= 8) {
        bytes[to++] = (byte) (colours[index] >>> shift);
      }
    }
    return new Decoded(new ImageShape(gray ? 1 : 3, height, width), bytes);
  }

  /**
   * Encodes an image as a PNG file with 8 bits per channel.
   *
   * @param metadata added as it is
   */
  byte[] encode(ImageShape shape, byte[] bytes, List<PngChunk> metadata) throws IOException {
    return PngFile.with(encode(shape, bytes), metadata);
  }

  private byte[] encode(ImageShape shape, byte[] bytes) throws IOException {
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
    readers.values().forEach(ImageReader::dispose);
    writer.dispose();
  }
}
