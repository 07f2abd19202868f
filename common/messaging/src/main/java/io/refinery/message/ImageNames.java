package io.refinery.message;

import java.util.List;

/** The folders of images, or globs of their names, that a message lists. */
final class ImageNames {

  private static final int MOST = 16;
  private static final int LONGEST = 256;

  private ImageNames() {}

  /**
   * Returns a copy.
   *
   * @param images at most 16, of 1 to 256 characters
   * @throws IllegalArgumentException saying which limit is exceeded
   */
  static List<String> checked(List<String> images) {
    if (images.size() > MOST) {
      throw new IllegalArgumentException(
          "At most "
              + MOST
              + " folders or globs of images can be listed, not "
              + images.size()
              + "; use a glob, such as *_rgb.png");
    }
    for (String text : images) {
      if (text.isBlank() || text.length() > LONGEST) {
        throw new IllegalArgumentException(
            "A folder or glob of images must have 1 to "
                + LONGEST
                + " characters, not '"
                + text
                + "'");
      }
    }
    return List.copyOf(images);
  }
}
