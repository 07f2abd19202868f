package io.refinery.bundle;

import java.util.List;

/**
 * What an image file holds besides its pixels.
 *
 * @param chunks as a PNG file holds it
 * @param dropped kinds of metadata that a PNG file cannot hold, such as {@code IPTC}
 * @param orientation of EXIF, 1 to 8; 1 for an upright image
 * @param colour whether pixels are stored as colours, which may all be gray
 */
record ImageMetadata(List<PngChunk> chunks, List<String> dropped, int orientation, boolean colour) {

  ImageMetadata {
    chunks = List.copyOf(chunks);
    dropped = List.copyOf(dropped);
  }
}
