package io.refinery.console.demo;

import io.refinery.bundle.BundleException;
import io.refinery.console.cli.EngineFlags;
import io.refinery.console.cli.SettingsOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code refinery demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    header = "Demonstrate the whole system on this machine in a few minutes.",
    description = {
      "Starts a broker, an object store and a worker, renders eyes and refines them with the"
          + " shipped model. Meanwhile it trains a second version, which the worker picks up"
          + " automatically. At the end it draws the result and stops everything it started.",
      ""
    })
public final class DemoCommand implements Callable<Integer> {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PNG",
      defaultValue = "refinery-demo.png",
      description = "PNG file for the result; default ${DEFAULT-VALUE}.")
  private Path picture;

  @Option(
      names = {"-n", "--images"},
      paramLabel = "N",
      defaultValue = "2000",
      description = "Images in each job; default ${DEFAULT-VALUE}.")
  private int images;

  @Mixin private EngineFlags engine;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, BundleException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    new Demo(out, servers -> options.configuration(servers, engine.ofBoth()), images, picture)
        .run();
    out.flush();
    return ExitCode.OK;
  }
}
