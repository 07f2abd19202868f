package io.refinery.parity;

import java.nio.file.Path;

/**
 * Where the processes of the engines leave what the tests read.
 *
 * @param folder that all share
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

  /** Folder of the version of a drawn case. */
  Path drawn(RefinerCase of) {
    return folder.resolve("drawn-" + of.name());
  }

  /** Folder of the version that an engine has trained. */
  Path trained(String engine) {
    return folder.resolve("trained-by-" + engine);
  }
}
