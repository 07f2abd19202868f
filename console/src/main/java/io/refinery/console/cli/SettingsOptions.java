package io.refinery.console.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.refinery.console.config.Configuration;
import io.refinery.console.config.RunningSystem;
import io.refinery.console.config.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options of every command that say which settings hold. */
public final class SettingsOptions {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "File of settings; default refinery.properties, where it exists.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "One setting by its name, as `refinery config` lists them; may be repeated.")
  private Map<String, String> properties = new HashMap<>();

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description = "The broker (refinery.kafka.bootstrap-servers).")
  private Optional<String> kafka = Optional.empty();

  @Option(
      names = "--s3",
      paramLabel = "URL",
      description =
          "The object store (refinery.storage.endpoint); its keys come from"
              + " REFINERY_STORAGE_ACCESS_KEY and REFINERY_STORAGE_SECRET_KEY.")
  private Optional<String> s3 = Optional.empty();

  @Option(
      names = {"-v", "--verbose"},
      description = "Say on the error output what is done.")
  void verbose(boolean verbose) {
    if (verbose && LoggerFactory.getLogger("io.refinery") instanceof Logger logger) {
      logger.setLevel(Level.INFO);
    }
  }

  /** The settings that hold for this command, and where they came from. */
  public Configuration configuration() {
    return configuration(running(), Map.of());
  }

  /**
   * The settings that hold where {@code running} leads to a system of this machine.
   *
   * @param options other flags as settings; {@code --set}, which names one setting, goes before
   */
  public Configuration configuration(Map<String, String> running, Map<String, String> options) {
    Map<String, String> flags = new HashMap<>(options);
    flags.putAll(properties);
    kafka.ifPresent(value -> flags.put("refinery.kafka.bootstrap-servers", value));
    s3.ifPresent(value -> flags.put("refinery.storage.endpoint", value));
    return Configuration.load(running, file, System.getenv(), flags);
  }

  public Settings settings() {
    return settings(Map.of());
  }

  /** The settings that hold with {@code options}, other flags as settings. */
  public Settings settings(Map<String, String> options) {
    return configuration(running(), options).settings();
  }

  private Map<String, String> running() {
    Path home = configuration(Map.of(), Map.of()).settings().home();
    return RunningSystem.find(home).map(RunningSystem::properties).orElseGet(Map::of);
  }
}
