package io.refinery.bundle.table;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The parts of a file's name. Backslashes, which some Windows tools write, count as slashes. */
final class FileNames {

  private static final List<String> IMAGE_ENDINGS =
      List.of("png", "jpg", "jpeg", "bmp", "gif", "tif", "tiff", "webp", "ppm", "pgm");

  private FileNames() {}

  static String slashes(String name) {
    return name.replace('\\', '/');
  }

  /** Returns the folder with a slash at the end; empty at the root. */
  static String folder(String name) {
    return name.substring(0, lastSlash(name) + 1);
  }

  /** Returns the parent of a folder that is not the root. */
  static String parent(String folder) {
    return folder(folder.substring(0, folder.length() - 1));
  }

  /** Returns the last part, without folders. */
  static String file(String name) {
    return name.substring(lastSlash(name) + 1);
  }

  /** Returns the ending in lower case, without a dot; empty if there is none. */
  static String ending(String name) {
    String file = file(name);
    int dot = file.lastIndexOf('.');
    return dot < 0 ? "" : file.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /** Returns the whole name without its ending. */
  static String withoutEnding(String name) {
    int dot = name.lastIndexOf('.');
    return dot <= lastSlash(name) + 1 ? name : name.substring(0, dot);
  }

  /** Whether a file is hidden; macOS adds such files to every ZIP. */
  static boolean isHidden(String name) {
    return file(name).startsWith(".") || slashes(name).startsWith("__MACOSX/");
  }

  static boolean isLikeImage(String name) {
    return IMAGE_ENDINGS.contains(ending(name));
  }

  /** Returns a path with slashes only, in which {@code .} and {@code ..} are followed. */
  static String followed(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : slashes(path).split("/", -1)) {
      if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
        parts.removeLast();
      } else if (!part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  private static int lastSlash(String name) {
    return Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
  }
}
