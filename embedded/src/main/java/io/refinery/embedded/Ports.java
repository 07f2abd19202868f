package io.refinery.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses ports on the loopback interface, the remembered ones first. */
final class Ports {

  private static final Logger LOG = LoggerFactory.getLogger(Ports.class);

  private final Properties remembered;
  private final Set<Integer> taken = new HashSet<>();

  /**
   * @param remembered port numbers by name; new choices are added
   */
  Ports(Properties remembered) {
    this.remembered = remembered;
  }

  /**
   * The port that {@code name} shall have.
   *
   * @param asked 0 for the remembered one, or a free one where it is new or taken
   * @throws IllegalStateException when a port that was asked for is taken
   */
  int choose(String name, int asked) throws IOException {
    int port = asked;
    if (asked == 0) {
      port = rememberedOrFree(name);
    } else if (!isFree(asked)) {
      throw new IllegalStateException(
          "Port " + asked + " (" + name + ") is taken by another process: choose another one");
    }
    taken.add(port);
    remembered.setProperty(name, Integer.toString(port));
    return port;
  }

  private int rememberedOrFree(String name) throws IOException {
    String before = remembered.getProperty(name);
    if (before == null) {
      return free();
    }
    int port = Integer.parseInt(before);
    if (isFree(port)) {
      return port;
    }
    int other = free();
    LOG.warn("Port {} ({}) is taken by another process, now it is {}", port, name, other);
    return other;
  }

  private boolean isFree(int port) {
    if (taken.contains(port)) {
      return false;
    }
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private int free() throws IOException {
    List<ServerSocket> tried = new ArrayList<>();
    try {
      int port;
      do {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        tried.add(socket);
        port = socket.getLocalPort();
      } while (taken.contains(port));
      return port;
    } finally {
      for (ServerSocket socket : tried) {
        socket.close();
      }
    }
  }
}
