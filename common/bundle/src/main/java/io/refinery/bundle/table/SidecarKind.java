package io.refinery.bundle.table;

import io.refinery.bundle.BundleException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.Map;

/** What a file beside an image may hold, by its ending. */
enum SidecarKind {
  JSON,
  /** A class, as in WebDataset. */
  CLS,
  /** A number or text, as in WebDataset. */
  TXT;

  /** Largest file; it is held in memory. */
  private static final int MOST_BYTES = 16 << 20;

  String ending() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the labels of all images must be there if those of one are. */
  boolean isAlwaysLabel() {
    return this == JSON;
  }

  /**
   * Reads the values of a file.
   *
   * @param height of its image, in pixels
   */
  Map<String, JsonValue> read(NamedFiles files, String file, int height)
      throws BundleException, IOException {
    String name = Examples.quoted(file);
    try (InputStream stream = new Bounded(files.open(file), name, MOST_BYTES)) {
      if (this != JSON) {
        return Map.of(ending(), JsonValue.of(JsonValue.Kind.NUMBER, text(files, file, stream)));
      }
      Map<String, JsonValue> values = JsonFlattener.read(stream, file);
      return UnityEyes.wrote(values) ? UnityEyes.converted(values, height) : values;
    } catch (Bounded.TooLargeException e) {
      throw Faults.unsupported(e.getMessage());
    }
  }

  private static String text(NamedFiles files, String file, InputStream stream)
      throws BundleException, IOException {
    String name = Examples.quoted(file);
    try {
      Reader reader = StrictText.open(stream, name);
      StringWriter text = new StringWriter();
      reader.transferTo(text);
      return text.toString();
    } catch (CharacterCodingException e) {
      try (InputStream again = files.open(file)) {
        throw StrictText.fault(again, name);
      }
    }
  }
}
