package io.refinery.storage;

/** Entity tags as HTTP writes them. */
final class EntityTag {

  private EntityTag() {}

  /** Returns a tag without the quotation marks that HTTP puts around it. */
  static String unquoted(String tag) {
    return tag.replace("\"", "");
  }
}
