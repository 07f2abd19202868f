package io.refinery.console.models;

import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.connection.Connections;
import io.refinery.registry.ModelReference;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery models sign}. */
@Command(
    name = "sign",
    mixinStandardHelpOptions = true,
    header = "Sign a version that exists.",
    description = {
      "Checks that the version's files fit its manifest, and signs the manifest with the key of"
          + " refinery.models.signing-key-file or refinery.models.signing-key. Anybody who may write"
          + " to the bucket may have put the version there: sign only versions that you know.",
      "",
      "  refinery models sign eyes@2",
      ""
    })
final class SignCommand implements Runnable {

  @Parameters(paramLabel = "VERSION", description = "Version, such as eyes@2.")
  private String version;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    if (!(ModelReferences.parse(version) instanceof ModelReference.ToVersion to)) {
      throw new ConfigurationException(
          "'" + version + "' is not a version: give its number, such as eyes@2.");
    }
    try (Connections connections = Connections.open(options.settings())) {
      if (connections.modelKeys().signer().isEmpty()) {
        throw new ConfigurationException(
            "There is no key to sign with: set refinery.models.signing-key-file; `refinery models"
                + " keys` makes a key.");
      }
      String key =
          connections
              .registry()
              .sign(to.version(), connections.settings().home().resolve("models"));
      PrintWriter out = spec.commandLine().getOut();
      out.println(to.version() + " is signed by " + key + ".");
      out.flush();
    }
  }
}
