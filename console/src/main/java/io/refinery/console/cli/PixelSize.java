package io.refinery.console.cli;

import io.refinery.console.config.ConfigurationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of {@code --size}.
 *
 * @param width in pixels, 1 to 9999
 * @param height in pixels, 1 to 9999
 */
public record PixelSize(int width, int height) {

  private static final Pattern FORMAT = Pattern.compile("([1-9]\\d{0,3})x([1-9]\\d{0,3})");

  /**
   * Reads a size such as {@code 55x35}.
   *
   * @throws ConfigurationException when the text is not one
   */
  public static PixelSize parse(String text) {
    Matcher sides = FORMAT.matcher(text);
    if (!sides.matches()) {
      throw new ConfigurationException(
          "--size must be WIDTHxHEIGHT, such as 55x35, not '" + text + "'");
    }
    return new PixelSize(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)));
  }
}
