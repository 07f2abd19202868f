package io.refinery.bundle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what a copy of a ZIP's images does not hold, and how they were read. */
final class CopyNotes {

  /** Why a ZIP does not hold something of an image. */
  static final String NOT_IN_PNG = "a PNG file has no place for it";

  private final Map<String, Long> dropped = new LinkedHashMap<>();
  private final List<String> remarks = new ArrayList<>();
  private long grays;
  private long turned;

  void remark(String sentence) {
    remarks.add(sentence);
  }

  /** Notes what a PNG file with {@code channels} channels does not hold of an image. */
  void png(ImageMetadata image, int channels) {
    image.dropped().forEach(this::drop);
    for (PngChunk chunk : image.chunks()) {
      if (!chunk.fits(channels)) {
        drop(chunk.type().equals("iCCP") ? "ICC profile of colours" : "PNG chunk " + chunk.type());
      }
    }
    gray(image, channels);
  }

  /** Notes what an HDF5 bundle does not hold of an image, which is upright there. */
  void hdf(ImageMetadata image, int channels) {
    image.dropped().forEach(this::drop);
    image.chunks().stream().map(chunk -> kind(chunk.type())).distinct().forEach(this::drop);
    turned += image.orientation() == 1 ? 0 : 1;
    gray(image, channels);
  }

  private void gray(ImageMetadata image, int channels) {
    grays += image.colour() && channels == 1 ? 1 : 0;
  }

  private void drop(String kind) {
    dropped.merge(kind, 1L, Long::sum);
  }

  private static String kind(String chunk) {
    return switch (chunk) {
      case "eXIf" -> "EXIF";
      case "iCCP" -> "ICC profile";
      case "tEXt", "zTXt", "iTXt" -> "text";
      case "pHYs" -> "pixel size";
      default -> "PNG chunk " + chunk;
    };
  }

  /**
   * @param why a clause about what the copy cannot hold
   */
  RewriteReport report(String why) {
    List<Omission> leftOut = new ArrayList<>();
    dropped.forEach((kind, count) -> leftOut.add(new Omission(kind + " of " + images(count), why)));
    List<String> sentences = new ArrayList<>(remarks);
    if (grays > 0) {
      sentences.add(
          "%s stored as colours with only gray pixels; read as gray"
              .formatted(grays == 1 ? "1 image is" : grays + " images are"));
    }
    if (turned > 0) {
      sentences.add(
          "%s turned upright, as the EXIF orientation says; labels in pixels are not"
              .formatted(turned == 1 ? "1 image is" : turned + " images are"));
    }
    return new RewriteReport(leftOut, sentences);
  }

  private static String images(long count) {
    return count == 1 ? "1 image" : count + " images";
  }
}
