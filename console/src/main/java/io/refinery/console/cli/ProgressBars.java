package io.refinery.console.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress bars, all of one look, on the error output so that results can be piped. */
public final class ProgressBars {

  private ProgressBars() {}

  /**
   * @param max steps to the end, or -1 where it is not known yet
   * @param unit such as {@code " images"}, with its space
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
