package io.refinery.console.cli;

import io.refinery.message.JobEvent;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;

/** A bar on the error output that follows a job's events. */
public final class JobProgress implements Consumer<JobEvent>, AutoCloseable {

  private final ProgressBar bar;

  public JobProgress(String task) {
    this.bar = Progress.bar(task, -1, " images");
  }

  @Override
  public void accept(JobEvent event) {
    event.of().ifPresent(bar::maxHint);
    bar.stepTo(event.images());
    if (event.state() != JobEvent.State.REFINING) {
      bar.setExtraMessage(event.state().toString());
    }
  }

  @Override
  public void close() {
    bar.close();
  }
}
