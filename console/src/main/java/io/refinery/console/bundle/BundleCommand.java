package io.refinery.console.bundle;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code refinery bundle}. */
@Command(
    name = "bundle",
    mixinStandardHelpOptions = true,
    subcommands = {CheckCommand.class, PackCommand.class, UnpackCommand.class},
    header = "Check bundles, and make them of other files.",
    synopsisSubcommandLabel = "COMMAND",
    description = "A bundle is one file of images and their labels: see docs/bundles.md.%n")
public final class BundleCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
