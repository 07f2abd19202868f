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

/** Chooses ports on the loopback interface, preferring remembered ones. */
final class Ports {

  private static final Logger LOG = LoggerFactory.getLogger(Ports.class);

  private final Properties remembered;
  private final Set<Integer> taken = new HashSet<>();

  /**
   * Starts with remembered ports.
   *
   * @param remembered port numbers by name; new choices are added
   */
  Ports(Properties remembered) {
    this.remembered = remembered;
  }

  /**
   * Chooses the port for {@code name}.
   *
   * @param asked the port to use; 0 for the remembered one, or a free one if there is none or it is
   *     in use
   * @throws IllegalStateException when the requested port is in use
   */
  int choose(String name, int asked) throws IOException {
    int port = asked;
    if (asked == 0) {
      port = rememberedOrFree(name);
    } else if (!isFree(asked)) {
      throw new IllegalStateException(
          "Port " + asked + " (" + name + ") is in use by another process: choose another port");
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
    LOG.warn("Port {} ({}) is in use by another process; using {} instead", port, name, other);
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
