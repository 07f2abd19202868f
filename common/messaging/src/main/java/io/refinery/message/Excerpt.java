package io.refinery.message;

import java.nio.charset.StandardCharsets;

/**
 * Makes text fit to be stored or sent. Error sentences quote what users sent: a message that quotes
 * too much exceeds the limits of broker and store, and one that quotes half of a surrogate pair
 * cannot be encoded.
 */
public final class Excerpt {

  /** The number of characters to keep. */
  public static final int LONGEST = 2_000;

  private static final String CUT = " [...]";

  private Excerpt() {}

  /**
   * Returns {@code text}, or its first {@link #LONGEST} characters and a mark if it is longer. Half
   * a surrogate pair becomes a question mark.
   */
  public static String of(String text) {
    return new String(cut(text).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private static String cut(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = LONGEST - CUT.length();
    // Do not split a surrogate pair: half of one cannot be encoded.
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + CUT;
  }
}
