package io.refinery.bundle.table;

import io.refinery.bundle.BundleException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text files as UTF-8, or as UTF-16 with a byte order mark; nothing is replaced. */
final class StrictText {

  private static final int LONGEST_MARK = 3;
  private static final int UTF16_MARK = 2;

  private StrictText() {}

  /**
   * Opens a text, without its byte order mark. Its reader throws {@link CharacterCodingException}
   * when the text is not in the encoding.
   */
  static Reader open(InputStream stream, String name) throws BundleException, IOException {
    PushbackInputStream start = new PushbackInputStream(stream, LONGEST_MARK);
    byte[] first = start.readNBytes(LONGEST_MARK);
    Charset charset = charset(first, name);
    int mark = mark(first);
    start.unread(first, mark, first.length - mark);
    return new InputStreamReader(
        start,
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  private static int mark(byte[] first) {
    if (startsWith(first, 0xEF, 0xBB, 0xBF)) {
      return 3;
    }
    return startsWith(first, 0xFF, 0xFE) || startsWith(first, 0xFE, 0xFF) ? UTF16_MARK : 0;
  }

  private static Charset charset(byte[] first, String name) throws BundleException {
    if (startsWith(first, 0xFF, 0xFE)) {
      return StandardCharsets.UTF_16LE;
    }
    if (startsWith(first, 0xFE, 0xFF)) {
      return StandardCharsets.UTF_16BE;
    }
    if (first.length > 1 && (first[0] == 0 || first[1] == 0)) {
      throw Faults.unsupported(
          name + " is not text, or UTF-16 without a byte order mark; save it as UTF-8");
    }
    return StandardCharsets.UTF_8;
  }

  private static boolean startsWith(byte[] first, int... mark) {
    if (first.length < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if ((first[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  /** Returns the fault of a text that {@link #open} could not read to its end. */
  static BundleException fault(InputStream stream, String name) throws IOException {
    BufferedInputStream bytes = new BufferedInputStream(stream);
    bytes.mark(LONGEST_MARK);
    if (mark(bytes.readNBytes(LONGEST_MARK)) == UTF16_MARK) {
      return Faults.unsupported(name + " is not valid UTF-16; save it as UTF-8");
    }
    bytes.reset();
    byte[] line = new byte[256];
    for (long number = 1; ; number++) {
      int length = 0;
      int next = bytes.read();
      for (; next >= 0 && next != '\n'; next = bytes.read()) {
        if (length == line.length) {
          line = Arrays.copyOf(line, 2 * length);
        }
        line[length++] = (byte) next;
      }
      int wrong = firstWrong(line, length);
      if (wrong >= 0) {
        return Faults.unsupported(
            String.format(
                "Line %d of %s is not UTF-8: byte %d of the line is 0x%02X; save the file as UTF-8",
                number, name, wrong + 1, line[wrong]));
      }
      if (next < 0) {
        return Faults.unsupported(name + " is not UTF-8; save it as UTF-8");
      }
    }
  }

  /** Returns the place of the first byte that is not UTF-8, or -1. */
  private static int firstWrong(byte[] line, int length) {
    ByteBuffer bytes = ByteBuffer.wrap(line, 0, length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(bytes, CharBuffer.allocate(length + 1), true);
    return result.isError() ? bytes.position() : -1;
  }
}
