package io.refinery.parity;

import java.nio.file.Path;

/**
 * The files that the engines' processes write and the tests read.
 *
 * @param folder the folder shared by all processes
 */
record AnswerFiles(Path folder) {

  Path golden(String engine, String name) {
    return folder.resolve(engine + "-golden-" + name + ".json");
  }

  Path pair(String engine, PairCase of) {
    return folder.resolve(engine + "-pair-" + of.name() + ".json");
  }

  Path refined(String engine, String name) {
    return folder.resolve(engine + "-refined-" + name + ".json");
  }

  /** Returns the folder of the version of a random case. */
  Path drawn(RefinerCase of) {
    return folder.resolve("drawn-" + of.name());
  }

  /** Returns the folder of the version that an engine trained. */
  Path trained(String engine) {
    return folder.resolve("trained-by-" + engine);
  }
}
