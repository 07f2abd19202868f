package io.refinery.bundle.table;

/** What of a cell and of an image's name is compared, from exact to loose. */
enum NameKey {
  WHOLE("path"),
  RELATIVE("path in its folder"),
  FOLLOWED("path with slashes for backslashes"),
  FOLLOWED_RELATIVE("path in its folder, with slashes for backslashes"),
  FILE("file name without folders"),
  STEM("file name without its ending"),
  NUMBER("number in the file name");

  private final String description;

  NameKey(String description) {
    this.description = description;
  }

  /** Returns what is compared, such as {@code file name without its ending}. */
  String description() {
    return description;
  }

  /** Whether a match is worth a remark. */
  boolean isLoose() {
    return compareTo(FOLLOWED) >= 0;
  }

  /** Whether the cell of a whole number can name an image under this key. */
  boolean takesNumbers() {
    return this == STEM || this == NUMBER;
  }

  /**
   * Returns the key of an image.
   *
   * @param folder the folder that relative names start in
   */
  String ofImage(String image, String folder) {
    return switch (this) {
      case WHOLE -> image;
      case RELATIVE -> image.startsWith(folder) ? image.substring(folder.length()) : image;
      case FOLLOWED, FOLLOWED_RELATIVE -> FileNames.followed(image);
      case FILE -> FileNames.file(image);
      case STEM -> FileNames.withoutEnding(FileNames.file(image));
      case NUMBER -> number(FileNames.withoutEnding(FileNames.file(image)));
    };
  }

  /**
   * Returns the key of a cell.
   *
   * @param folder the folder of the table
   */
  String ofCell(String cell, String folder) {
    return switch (this) {
      case WHOLE, RELATIVE -> cell;
      case FOLLOWED -> FileNames.followed(cell.strip());
      case FOLLOWED_RELATIVE -> FileNames.followed(folder + cell.strip());
      case FILE -> FileNames.file(cell.strip());
      // A number such as 0.5 has no ending.
      case STEM -> stem(FileNames.file(cell.strip()));
      case NUMBER -> number(stem(FileNames.file(cell.strip())));
    };
  }

  private static String stem(String file) {
    return FileNames.isLikeImage(file) ? FileNames.withoutEnding(file) : file;
  }

  /** Returns digits without leading zeros; other text can equal no number. */
  private static String number(String text) {
    int zeros = 0;
    for (int i = 0; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return "-" + text;
      }
      if (digit == '0' && zeros == i && i < text.length() - 1) {
        zeros++;
      }
    }
    return text.substring(zeros);
  }
}
