package io.refinery.console.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * Reads a properties file that people write: UTF-8, with or without a byte order mark, each name
 * once.
 */
final class PropertiesFile {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private PropertiesFile() {}

  /**
   * Reads all properties.
   *
   * @throws ConfigurationException if the file cannot be read, is not UTF-8, or sets a name twice
   */
  static Map<String, String> read(Path file) {
    Properties properties = new UniqueNames(file);
    try (StringReader text = new StringReader(text(file))) {
      properties.load(text);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(file, e.getMessage(), e);
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, properties::getProperty));
  }

  private static String text(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw unreadable(file, "it is a folder", null);
    }
    if (!Files.isReadable(file)) {
      throw unreadable(
          file,
          Files.exists(file) ? "this user may not read it" : "it does not exist; check its path",
          null);
    }
    byte[] bytes = Files.readAllBytes(file);
    if (isUtf16(bytes)) {
      throw unreadable(file, "it is UTF-16; save it as UTF-8", null);
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw unreadable(file, "it is not UTF-8; save it as UTF-8", e);
    }
  }

  /** A byte order mark of UTF-16, or half of an ASCII character. */
  private static boolean isUtf16(byte[] bytes) {
    if (bytes.length < 2) {
      return false;
    }
    int first = Byte.toUnsignedInt(bytes[0]);
    int second = Byte.toUnsignedInt(bytes[1]);
    return (first == 0xFE && second == 0xFF)
        || (first == 0xFF && second == 0xFE)
        || first == 0
        || second == 0;
  }

  private static ConfigurationException unreadable(Path file, String reason, Exception cause) {
    return new ConfigurationException(
        "The configuration file " + file + " cannot be read: " + reason + ".", cause);
  }

  /** Properties would keep the last of several values. */
  private static final class UniqueNames extends Properties {

    private static final long serialVersionUID = 1L;

    private final transient Path file;

    UniqueNames(Path file) {
      this.file = file;
    }

    @Override
    public synchronized Object put(Object name, Object value) {
      if (containsKey(name)) {
        throw new ConfigurationException(
            "The configuration file %s sets %s twice: remove one of the lines."
                .formatted(file, name));
      }
      return super.put(name, value);
    }
  }
}
