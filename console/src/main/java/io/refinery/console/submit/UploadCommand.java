package io.refinery.console.submit;

import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.connection.Connections;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery upload}. */
@Command(
    name = "upload",
    mixinStandardHelpOptions = true,
    header = "Upload a bundle to the store and print its address.",
    description = "For jobs sent by other clients; `refinery submit` uploads automatically.%n")
public final class UploadCommand implements Runnable {

  @Parameters(paramLabel = "BUNDLE", description = "Local file: HDF5 or ZIP.")
  private Path bundle;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    if (!Files.isRegularFile(bundle)) {
      throw new ConfigurationException("There is no file " + bundle.toAbsolutePath() + ".");
    }
    try (Connections connections = Connections.open(options.settings())) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(new JobClient(connections).upload(bundle));
      out.flush();
    }
  }
}
