package io.refinery.console.doctor;

import java.io.IOException;

/**
 * Ends this process with the one that started it, whose end closes the standard input: a signal
 * that ends a service ends no child, and nobody is left to end one that hangs.
 */
final class ParentWatchdog {

  static final int EXIT_CODE = 9;

  private ParentWatchdog() {}

  /** Reads the standard input from now on, whatever native code the other threads are in. */
  static void watch() {
    Thread thread = new Thread(ParentWatchdog::await, "refinery-parent");
    thread.setDaemon(true);
    thread.start();
  }

  private static void await() {
    try {
      while (System.in.read() != -1) {
        // Nothing is expected but the end.
      }
    } catch (IOException e) {
      System.err.println("The standard input cannot be read: " + e);
    }
    Runtime.getRuntime().halt(EXIT_CODE);
  }
}
