package io.refinery.console.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress bars in one style, on standard error so that results can be piped. */
public final class ProgressBars {

  private ProgressBars() {}

  /**
   * @param max total number of steps, or -1 if it is not known yet
   * @param unit with a leading space, such as {@code " images"}
   */
  public static ProgressBar bar(String task, long max, String unit) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(max)
        .setUnit(unit, 1)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(250)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, 100))
        .build();
  }
}
