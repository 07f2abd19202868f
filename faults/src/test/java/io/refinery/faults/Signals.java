package io.refinery.faults;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to child processes that Java has no method for. */
final class Signals {

  private Signals() {}

  /** Suspends a process. */
  static void freeze(long pid) {
    send("-STOP", pid);
  }

  /** Resumes a suspended process. */
  static void thaw(long pid) {
    send("-CONT", pid);
  }

  /** Kills a process of which only the ID is known. */
  static void kill(long pid) {
    send("-KILL", pid);
  }

  private static void send(String signal, long pid) {
    try {
      // It fails if the process has just ended, which needs no signal.
      int unused = new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
