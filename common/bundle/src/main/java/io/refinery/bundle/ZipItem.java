package io.refinery.bundle;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/**
 * A file or folder of a ZIP.
 *
 * @param entry its name is raw: see {@link ZipNames}
 * @param name its path, with {@code /} between folders; that of a folder ends in {@code /}
 */
record ZipItem(ZipArchiveEntry entry, String name) {

  boolean isFolder() {
    return name.endsWith("/");
  }

  /** Returns the path of the folder that holds it; empty for the root. */
  String folder() {
    String path = isFolder() ? name.substring(0, name.length() - 1) : name;
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** Returns the last part of the path. */
  String file() {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** Returns the name at the start of a sentence. */
  String where() {
    return (ImageKinds.isImage(name) ? "Image '" : "File '") + ZipBundle.printable(name) + "'";
  }
}
