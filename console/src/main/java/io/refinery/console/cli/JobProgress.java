package io.refinery.console.cli;

import io.refinery.message.JobEvent;
import io.refinery.message.JobResult;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;

/** A progress bar on standard error that follows a job's events. */
public final class JobProgress implements Consumer<JobEvent>, AutoCloseable {

  private final ProgressBar bar;

  public JobProgress(String task) {
    this.bar = ProgressBars.bar(task, -1, " images");
  }

  @Override
  public void accept(JobEvent event) {
    event.of().ifPresent(bar::maxHint);
    bar.stepTo(event.images());
  }

  /** Fills the bar: a job's last event may arrive after its result. */
  public void finish(JobResult result) {
    if (result instanceof JobResult.Succeeded succeeded) {
      bar.maxHint(succeeded.images());
      bar.stepTo(succeeded.images());
    }
  }

  @Override
  public void close() {
    bar.close();
  }
}
