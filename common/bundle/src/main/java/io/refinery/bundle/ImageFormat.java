package io.refinery.bundle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Formats of image files, detected from their content. */
enum ImageFormat {
  PNG,
  JPEG,
  GIF,
  BMP,
  TIFF,
  WEBP;

  /** Name of its reader in javax.imageio. */
  String reader() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws BundleException naming a known format that cannot be read
   */
  static ImageFormat of(byte[] file, String where) throws BundleException {
    String start = new String(Arrays.copyOf(file, 12), StandardCharsets.ISO_8859_1);
    if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
      return PNG;
    }
    if (start.startsWith("\u00ff\u00d8\u00ff")) {
      return JPEG;
    }
    if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
      return GIF;
    }
    if (start.startsWith("II*\0") || start.startsWith("MM\0*") || start.startsWith("II+\0")) {
      return TIFF;
    }
    if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
      return WEBP;
    }
    if (start.startsWith("BM")) {
      return BMP;
    }
    Optional<String> other = other(start);
    if (other.isPresent()) {
      throw ImageFaults.unsupported(
          where, "is a " + other.get() + " file, which cannot be read; convert it to PNG");
    }
    throw ParserErrors.unreadable(where + " is not a PNG, JPEG, BMP, GIF, TIFF or WebP file");
  }

  private static Optional<String> other(String start) {
    if (start.startsWith("ftyp", 4)) {
      return Optional.of("HEIF or AVIF");
    }
    if (start.startsWith("8BPS")) {
      return Optional.of("Photoshop");
    }
    if (start.startsWith("jP  ", 4) || start.startsWith("\u00ffO\u00ffQ")) {
      return Optional.of("JPEG 2000");
    }
    return start.startsWith("v/1\u0001") ? Optional.of("OpenEXR") : Optional.empty();
  }

  /**
   * Checks a file's structure and returns its metadata.
   *
   * @param pixels receives the file, without metadata that could disturb its reader
   */
  ImageMetadata parse(byte[] file, String where, BundleLimits limits, ByteArrayOutputStream pixels)
      throws BundleException, IOException {
    return switch (this) {
      case PNG -> PngFile.parse(file, where, limits, pixels);
      case JPEG -> JpegFile.parse(file, where, pixels);
      case WEBP -> WebpFile.parse(file, where, pixels);
      default -> {
        pixels.writeBytes(file);
        yield this == GIF
            ? GifFile.parse(file, where)
            : this == BMP ? BmpFile.parse(file, where) : TiffFile.parse(file, where);
      }
    };
  }
}
