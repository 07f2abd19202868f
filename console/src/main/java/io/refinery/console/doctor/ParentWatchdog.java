package io.refinery.console.doctor;

import java.io.IOException;

/**
 * Ends this process when its parent ends, which closes standard input. A signal that ends a service
 * does not reach its children, and nothing else would stop a child that hangs.
 */
final class ParentWatchdog {

  static final int EXIT_CODE = 9;

  private ParentWatchdog() {}

  /** Starts watching on a thread of its own, which works even if others hang in native code. */
  static void watch() {
    Thread thread = new Thread(ParentWatchdog::await, "refinery-parent");
    thread.setDaemon(true);
    thread.start();
  }

  private static void await() {
    try {
      while (System.in.read() != -1) {
        // Only end of file matters.
      }
    } catch (IOException e) {
      System.err.println("Cannot read standard input: " + e);
    }
    Runtime.getRuntime().halt(EXIT_CODE);
  }
}
