package io.refinery.bundle.table;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Files with names, such as those of a ZIP, a folder or a tar. */
public interface NamedFiles {

  /** Returns the paths of all files, images included, in the bundle's order; each name once. */
  List<String> names();

  /**
   * Opens a file. The same file may be opened several times, and in any order.
   *
   * @return the content; the caller closes it
   */
  InputStream open(String name) throws IOException;
}
