package io.refinery.bundle;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * How the names of a copied ZIP are written, so that their bytes and the flag for UTF-8 stay the
 * same. The library has one character set for a whole ZIP.
 */
enum ZipCharset {
  /** No entry declares UTF-8: every character is a byte. */
  RAW,
  /** Entries with other characters than ASCII declare UTF-8. */
  ASCII_OR_UTF8,
  /** Every entry declares UTF-8, as some do whose name and comment are ASCII. */
  UTF8,
  /** Names in UTF-8 are mixed with others, which are decoded. */
  DECODED;

  static ZipCharset of(List<ZipItem> items) {
    boolean declared = false;
    boolean declaredAscii = false;
    boolean otherBytes = false;
    for (ZipItem item : items) {
      ZipArchiveEntry entry = item.entry();
      String comment = entry.getComment() == null ? "" : entry.getComment();
      if (ZipNames.isDeclared(entry)) {
        declared = true;
        declaredAscii |= ZipNames.isAscii(entry.getName());
      } else {
        otherBytes |= !ZipNames.isAscii(entry.getName()) || !ZipNames.isAscii(comment);
      }
    }
    if (!declared) {
      return RAW;
    }
    if (otherBytes) {
      return DECODED;
    }
    return declaredAscii ? UTF8 : ASCII_OR_UTF8;
  }

  void apply(ZipArchiveOutputStream zip) {
    switch (this) {
      case RAW -> zip.setEncoding(ZipNames.RAW.name());
      case ASCII_OR_UTF8 -> {
        zip.setEncoding(StandardCharsets.US_ASCII.name());
        zip.setFallbackToUTF8(true);
      }
      case UTF8, DECODED -> zip.setEncoding(StandardCharsets.UTF_8.name());
    }
  }
}
