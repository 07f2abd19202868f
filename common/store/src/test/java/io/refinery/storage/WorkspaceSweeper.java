package io.refinery.storage;

import java.nio.file.Path;

/** A process that sweeps a folder once or a given number of times. */
final class WorkspaceSweeper {

  private WorkspaceSweeper() {}

  public static void main(String[] args) {
    int times = args.length > 1 ? Integer.parseInt(args[1]) : 1;
    for (int i = 0; i < times; i++) {
      Workspace.sweep(Path.of(args[0]));
    }
  }
}
