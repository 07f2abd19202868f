package io.refinery.embedded;

import java.nio.file.Path;

/** A process that starts the servers, says which process they are, and dies without a word. */
final class KilledParent {

  private KilledParent() {}

  /**
   * @param args home and data folder
   */
  public static void main(String[] args) {
    EmbeddedServers servers = EmbeddedServers.start(Path.of(args[0]), Path.of(args[1]));
    System.out.println(servers.pid());
    System.out.flush();
    Runtime.getRuntime().halt(137);
  }
}
