package io.refinery.console.clean;

import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.connection.Connections;
import io.refinery.console.work.WorkerFactory;
import io.refinery.worker.Leftover;
import io.refinery.worker.StoreSweep;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code refinery clean}. */
@Command(
    name = "clean",
    mixinStandardHelpOptions = true,
    header = "Remove what ended processes left in the store.",
    description = {
      "Removes refined bundles that no result names, uploads that were never finished, and what"
          + " checks at startup left, if they are older than refinery.cleaning.age. Workers do the"
          + " same periodically. Lists what it removes: when it was written, what it is, and why.",
      "",
      "  refinery clean --dry-run",
      ""
    })
public final class CleanCommand implements Runnable {

  @Option(
      names = {"-n", "--dry-run"},
      description = "Only list what would be removed.")
  private boolean dryRun;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    AtomicLong count = new AtomicLong();
    try (Connections connections = Connections.open(options.settings())) {
      StoreSweep sweep = WorkerFactory.sweep(connections);
      if (dryRun) {
        sweep.list(leftover -> print(out, leftover, count));
      } else {
        sweep.run(leftover -> print(out, leftover, count));
      }
    }
    out.printf(dryRun ? "%,d to remove%n" : "%,d removed%n", count.get());
    out.flush();
  }

  private static void print(PrintWriter out, Leftover leftover, AtomicLong count) {
    out.printf(
        "%s  %s  %s%n",
        leftover.since().toString().substring(0, 19), leftover.ref(), leftover.why());
    count.incrementAndGet();
  }
}
