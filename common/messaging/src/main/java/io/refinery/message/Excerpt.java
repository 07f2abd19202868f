package io.refinery.message;

/**
 * Shortens text before it is stored or sent. Error sentences quote what users sent, and a message
 * that quotes too much exceeds the limits of broker and store.
 */
public final class Excerpt {

  /** Characters that are kept. */
  public static final int LONGEST = 2_000;

  private static final String CUT = " [...]";

  private Excerpt() {}

  /** {@code text}, or its first characters and a mark where it is longer than {@link #LONGEST}. */
  public static String of(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = LONGEST - CUT.length();
    // Half a surrogate pair cannot be encoded.
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + CUT;
  }
}
