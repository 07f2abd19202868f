package io.refinery.console.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.refinery.console.config.Configuration;
import io.refinery.console.config.RunningSystem;
import io.refinery.console.config.Settings;
import io.refinery.console.observe.LogOutput;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options that give settings, shared by all commands that need them. */
public final class SettingsOptions {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Settings file; default refinery.properties, if it exists.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "One setting by name, as listed by `refinery config`; may be repeated.")
  private Map<String, String> properties = new HashMap<>();

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description = "Broker address (refinery.kafka.bootstrap-servers).")
  private Optional<String> kafka = Optional.empty();

  @Option(
      names = "--s3",
      paramLabel = "URL",
      description =
          "Object store address (refinery.storage.endpoint). Its keys come from"
              + " REFINERY_STORAGE_ACCESS_KEY and REFINERY_STORAGE_SECRET_KEY.")
  private Optional<String> s3 = Optional.empty();

  @Option(
      names = {"-v", "--verbose"},
      description = "Log progress to standard error.")
  void verbose(boolean verbose) {
    if (verbose && LoggerFactory.getLogger("io.refinery") instanceof Logger logger) {
      logger.setLevel(Level.INFO);
    }
  }

  /** Returns the settings in effect for this command, and where each one comes from. */
  public Configuration configuration() {
    return configuration(running(), Map.of());
  }

  /**
   * Returns the settings in effect with those of a running local system.
   *
   * @param running settings that connect to the local system; empty if there is none
   * @param options other flags as settings; {@code --set}, {@code --kafka} and {@code --s3} take
   *     precedence over them
   */
  public Configuration configuration(Map<String, String> running, Map<String, String> options) {
    Map<String, String> flags = new HashMap<>(options);
    flags.putAll(properties);
    kafka.ifPresent(value -> flags.put("refinery.kafka.bootstrap-servers", value));
    s3.ifPresent(value -> flags.put("refinery.storage.endpoint", value));
    Configuration configuration = Configuration.load(running, file, System.getenv(), flags);
    LogOutput.apply(configuration.settings().log());
    return configuration;
  }

  public Settings settings() {
    return settings(Map.of());
  }

  /** Returns the settings in effect with {@code options}, other flags as settings. */
  public Settings settings(Map<String, String> options) {
    return configuration(running(), options).settings();
  }

  private Map<String, String> running() {
    Path home = configuration(Map.of(), Map.of()).settings().home();
    return RunningSystem.find(home).map(RunningSystem::properties).orElseGet(Map::of);
  }
}
