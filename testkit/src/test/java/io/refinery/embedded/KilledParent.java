package io.refinery.embedded;

import java.nio.file.Path;

/** A program that starts the servers, prints their process ID, and is killed. */
final class KilledParent {

  private KilledParent() {}

  /**
   * Runs the program.
   *
   * @param args home and data folder
   */
  public static void main(String[] args) {
    EmbeddedServers servers = EmbeddedServers.start(Path.of(args[0]), Path.of(args[1]));
    System.out.println(servers.pid());
    System.out.flush();
    Runtime.getRuntime().halt(137);
  }
}
