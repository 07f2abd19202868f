package io.refinery.registry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blocks of base64 between lines that name their content (RFC 7468). */
final class Pem {

  private static final int LINE = 64;
  private static final byte[] LINE_END = "\n".getBytes(StandardCharsets.US_ASCII);

  private Pem() {}

  static String encode(String label, byte[] der) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(label, Base64.getMimeEncoder(LINE, LINE_END).encodeToString(der), label)
        .replace("\r", "");
  }

  /**
   * Returns the content of every block with this label.
   *
   * @param text may have spaces or the two characters {@code \n} in place of line ends, as
   *     environment variables often do
   * @throws IllegalArgumentException when a block is not base64; the message does not quote it
   */
  static List<byte[]> decode(String label, String text) {
    Pattern block =
        Pattern.compile(
            "-----BEGIN " + label + "-----([^-]*)-----END " + label + "-----", Pattern.DOTALL);
    Matcher matcher = block.matcher(text);
    List<byte[]> blocks = new ArrayList<>();
    while (matcher.find()) {
      String base64 = matcher.group(1).replace("\\n", "").replaceAll("\\s", "");
      blocks.add(decoded(label, base64));
    }
    return blocks;
  }

  // Without the cause, whose message quotes characters of the key.
  @SuppressWarnings("UnusedException")
  private static byte[] decoded(String label, String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("its " + label + " is not valid base64");
    }
  }
}
