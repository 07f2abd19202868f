package io.refinery.bundle;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.UnicodePathExtraField;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/**
 * The names in a ZIP. Where an entry does not declare UTF-8, its name may have a Unicode field, be
 * UTF-8 all the same, or be CP437.
 */
final class ZipNames {

  /** Keeps the bytes of names in an unknown character set. */
  static final Charset RAW = StandardCharsets.ISO_8859_1;

  private static final Charset DOS = Charset.forName("IBM437");

  private ZipNames() {}

  /** Whether an entry declares its name and comment as UTF-8. */
  static boolean isDeclared(ZipArchiveEntry entry) {
    return entry.getGeneralPurposeBit().usesUTF8ForNames();
  }

  static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  /**
   * Returns an entry's path with {@code /} between folders, without a leading {@code ./}.
   *
   * @throws BundleException when the path leads out of the bundle
   */
  static String path(ZipArchiveEntry entry) throws BundleException {
    String name = decoded(entry);
    String path = name.replace('\\', '/');
    while (path.startsWith("./")) {
      path = path.substring(2);
    }
    boolean leaves =
        path.startsWith("/")
            || (path.length() > 1 && path.charAt(1) == ':' && Character.isLetter(path.charAt(0)))
            || (path.contains("..") && List.of(path.split("/", -1)).contains(".."));
    if (leaves || path.isEmpty() || path.indexOf('\0') >= 0) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "The ZIP file has an entry '"
              + ZipBundle.printable(name)
              + "', which is not a path inside the bundle; rename it");
    }
    return path;
  }

  /** Returns an entry's name as it was meant, perhaps with backslashes. */
  static String decoded(ZipArchiveEntry entry) {
    byte[] raw = entry.getRawName();
    if (isDeclared(entry)) {
      return new String(raw, StandardCharsets.UTF_8);
    }
    if (entry.getExtraField(UnicodePathExtraField.UPATH_ID) instanceof UnicodePathExtraField field
        && field.getUnicodeName() != null) {
      CRC32 checksum = new CRC32();
      checksum.update(raw);
      if (checksum.getValue() == field.getNameCRC32()) {
        return new String(field.getUnicodeName(), StandardCharsets.UTF_8);
      }
    }
    return text(raw);
  }

  /** Returns an entry's name with a character for every byte, or decoded if it declares UTF-8. */
  static String raw(ZipArchiveEntry entry) {
    return new String(entry.getRawName(), isDeclared(entry) ? StandardCharsets.UTF_8 : RAW);
  }

  /** Decodes text as UTF-8 if it is valid, as other text rarely is, and as CP437 otherwise. */
  static String text(byte[] bytes) {
    return utf8(bytes).orElseGet(() -> new String(bytes, DOS));
  }

  static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
