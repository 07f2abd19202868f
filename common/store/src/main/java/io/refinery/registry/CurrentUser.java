package io.refinery.registry;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who runs this process. */
public final class CurrentUser {

  private CurrentUser() {}

  /** Such as {@code anna@lab-3}. */
  public static String current() {
    return System.getProperty("user.name") + "@" + host();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // A machine whose own name resolves to nothing; the exception begins with that name.
      return e.getMessage().split(":", 2)[0];
    }
  }
}
