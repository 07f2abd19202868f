package io.refinery.console.models;

import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.connection.Connections;
import io.refinery.json.Json;
import io.refinery.registry.ChannelPointer;
import io.refinery.registry.CurrentUser;
import io.refinery.registry.LocalModel;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.MoveReason;
import io.refinery.registry.ResolvedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery models}. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    header = "List models, and choose which version is served.",
    description = {
      "Without COMMAND, lists every version, the channels that point to it, and the keys that"
          + " signed it: with refinery.models.trusted-keys those with a valid signature, otherwise"
          + " all, unchecked.",
      "",
      "  refinery models",
      "  refinery models promote eyes@2 --reason \"sharper irises\"",
      "  refinery models rollback eyes",
      "  refinery models show eyes@stable",
      ""
    },
    subcommands = {
      PromoteCommand.class,
      RollbackCommand.class,
      LogCommand.class,
      KeysCommand.class,
      SignCommand.class
    })
public final class ModelsCommand implements Runnable {

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (Connections connections = Connections.open(options.settings())) {
      ModelRegistry registry = connections.registry();
      List<String> models = registry.models();
      if (models.isEmpty()) {
        out.println("There are no models yet: `refinery train` publishes one.");
      }
      for (String model : models) {
        Map<String, ChannelPointer> channels = registry.channels(model);
        for (int number : registry.versions(model)) {
          ModelVersion version = new ModelVersion(model, number);
          String line = line(registry.manifest(version), channels);
          out.println((line + signed(version, connections)).stripTrailing());
        }
      }
    }
    out.flush();
  }

  private static String signed(ModelVersion version, Connections connections) {
    List<String> signers = connections.registry().signers(version);
    if (!signers.isEmpty()) {
      return "  signed by " + String.join(", ", signers);
    }
    return connections.modelKeys().trusted().isEmpty() ? "" : "  not signed by a trusted key";
  }

  private static String line(Manifest manifest, Map<String, ChannelPointer> channels) {
    String pointing =
        channels.entrySet().stream()
            .filter(channel -> channel.getValue().version() == manifest.version())
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    return "%-16s %s  %-12s %-20s %s"
        .formatted(
            manifest.name() + "@" + manifest.version(),
            manifest.created().toString().substring(0, 19),
            manifest.shape(),
            manifest.parent().map(parent -> "from " + manifest.name() + "@" + parent).orElse(""),
            pointing);
  }

  @Command(name = "show", mixinStandardHelpOptions = true, header = "Print a version's manifest.")
  void show(
      @Parameters(
              paramLabel = "MODEL",
              description = "Version or channel, such as eyes@2 or eyes@stable.")
          String model,
      @Mixin SettingsOptions settings)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (Connections connections = Connections.open(settings.settings())) {
      ModelVersion version = connections.registry().resolve(ModelReferences.parse(model)).version();
      out.println(
          Json.mapper()
              .writerWithDefaultPrettyPrinter()
              .writeValueAsString(connections.registry().manifest(version)));
    }
    out.flush();
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      header = "Copy a version's files to a folder.")
  void export(
      @Parameters(
              paramLabel = "MODEL",
              description = "Version or channel, such as eyes@2 or eyes@stable.")
          String model,
      @Parameters(paramLabel = "FOLDER", description = "Target folder; created if missing.")
          Path folder,
      @Mixin SettingsOptions settings)
      throws IOException {
    try (Connections connections = Connections.open(settings.settings())) {
      ResolvedModel resolved = connections.registry().resolve(ModelReferences.parse(model));
      Path cache = connections.settings().home().resolve("models");
      try (LocalModel local = connections.registry().fetch(resolved, cache)) {
        ModelFolder.export(local, folder);
      }
      spec.commandLine().getOut().println("Exported " + resolved.version() + " to " + folder + ".");
    }
    spec.commandLine().getOut().flush();
  }

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      header = "Publish an exported folder as a new version.")
  void importFolder(
      @Parameters(paramLabel = "FOLDER", description = "Exported folder, with manifest.json.")
          Path folder,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              description = "Name of the model; default the one in the manifest.")
          Optional<String> name,
      @Mixin SettingsOptions settings)
      throws IOException {
    try (Connections connections = Connections.open(settings.settings())) {
      ModelVersion version = ModelFolder.publish(folder, name, connections.registry());
      connections
          .channelMover()
          .advance(
              version.name(),
              ModelReference.LATEST_CHANNEL,
              version.number(),
              new MoveReason(
                  MoveReason.Cause.PUBLICATION, CurrentUser.current(), "Imported from a folder."));
      spec.commandLine().getOut().println(version + " is published.");
    }
    spec.commandLine().getOut().flush();
  }
}
