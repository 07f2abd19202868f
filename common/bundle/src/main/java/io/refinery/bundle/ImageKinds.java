package io.refinery.bundle;

import java.util.Locale;
import java.util.Set;

/** Which names are those of images. */
final class ImageKinds {

  private static final Set<String> READABLE =
      Set.of("png", "jpg", "jpeg", "jpe", "jfif", "bmp", "gif", "tif", "tiff", "webp");

  private static final Set<String> UNREADABLE =
      Set.of(
          "apng", "arw", "avif", "cr2", "cr3", "cur", "dcm", "dds", "dng", "exr", "fits", "hdr",
          "heic", "heif", "hif", "ico", "j2c", "j2k", "jp2", "jpf", "jpx", "jxl", "nef", "orf",
          "pam", "pbm", "pcx", "pfm", "pgm", "pnm", "ppm", "psd", "qoi", "raf", "raw", "rw2", "sgi",
          "svg", "svgz", "tga");

  private ImageKinds() {}

  /** Whether a name is that of an image. Hidden files, such as macOS adds, are not. */
  static boolean isImage(String name) {
    return isVisible(name) && READABLE.contains(ending(name));
  }

  /** Whether a name is that of an image in a format that cannot be read. */
  static boolean isUnreadable(String name) {
    return isVisible(name) && UNREADABLE.contains(ending(name));
  }

  /** Returns the ending in lower case, without its dot; empty if there is none. */
  static String ending(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    return dot < 0 ? "" : file.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  private static boolean isVisible(String name) {
    return !name.startsWith(".")
        && !name.contains("/.")
        && !name.regionMatches(true, 0, "__MACOSX/", 0, 9)
        && !name.endsWith("/");
  }
}
