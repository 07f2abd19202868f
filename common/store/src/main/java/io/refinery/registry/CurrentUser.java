package io.refinery.registry;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The user who runs this process. */
public final class CurrentUser {

  private CurrentUser() {}

  /** Returns the user and host, such as {@code anna@lab-3}. */
  public static String current() {
    return System.getProperty("user.name") + "@" + host();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // The machine's own name does not resolve; the message begins with that name.
      return e.getMessage().split(":", 2)[0];
    }
  }
}
