package io.refinery.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** A process that owns a workspace until it is killed. */
final class WorkspaceOwner {

  private WorkspaceOwner() {}

  public static void main(String[] args) throws IOException {
    try (Workspace space = Workspace.in(Path.of(args[0]), "training-")) {
      System.out.println(space.file("").toAbsolutePath());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
