package io.refinery.console.submit;

import java.io.PrintWriter;

/**
 * Tells people which job a command waits for, and, if they interrupt it, how to get the result: the
 * job itself goes on.
 */
final class InterruptionNote implements AutoCloseable {

  private final String jobId;
  private final PrintWriter err;
  private final Thread hook = new Thread(this::interrupted, "refinery-interrupted");

  InterruptionNote(String jobId, PrintWriter err) {
    this.jobId = jobId;
    this.err = err;
  }

  /** Names the job, and does so again when the process is interrupted from now on. */
  void sent() {
    err.println("refinery: sent job " + jobId);
    err.flush();
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void interrupted() {
    err.println();
    err.println(
        "refinery: no longer waiting for job "
            + jobId
            + ", which continues: `refinery status "
            + jobId
            + "` shows its result.");
    err.flush();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is being interrupted, and the hook says so.
    }
  }
}
