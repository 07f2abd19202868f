package io.refinery.console.config;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The settings that hold, and where each came from. */
public final class Configuration {

  /** The file that is read from the working folder where no other is named. */
  public static final Path DEFAULT_FILE = Path.of("refinery.properties");

  private static final int RUNNING_SYSTEM = 100;
  private static final int FILE = 200;
  private static final int ENVIRONMENT = 300;
  private static final int FLAGS = 400;

  private static final SettingNames NAMES = new SettingNames();

  private static final Pattern SECRET =
      Pattern.compile("secret|password|jaas|signing-key$|keystore\\.key");

  private static final String HIDDEN = "(hidden)";

  private final SmallRyeConfig config;
  private final Optional<Path> file;
  private final Settings settings;

  private Configuration(SmallRyeConfig config, Optional<Path> file) {
    this.config = config;
    this.file = file;
    NAMES.types().forEach(this::requireValid);
    furtherNames().forEach(name -> requireValid(name, String.class));
    try {
      ConfigMappings.registerConfigMappings(config, Set.of(SettingNames.MAPPING));
    } catch (ConfigValidationException e) {
      throw new ConfigurationException("The settings are not valid: " + e.getMessage(), e);
    }
    this.settings = config.getConfigMapping(Settings.class);
  }

  /**
   * Reads all sources.
   *
   * @param runningSystem properties of a system that runs on this machine, empty where there is
   *     none
   * @param file a configuration file, or empty for {@link #DEFAULT_FILE} where it exists
   * @param environment variables, such as {@code System.getenv()}
   * @param flags properties by their full name
   * @throws ConfigurationException naming the property or variable that is unknown or has a bad
   *     value, and where it was set; or a system property that was replaced by a setting
   */
  public static Configuration load(
      Map<String, String> runningSystem,
      Optional<Path> file,
      Map<String, String> environment,
      Map<String, String> flags) {
    Optional<Path> path = configurationFile(file);
    Map<String, String> inFile = path.map(PropertiesFile::read).orElseGet(Map::of);
    RetiredProperties.requireNone(System.getProperties().stringPropertyNames());
    requireKnown(flags, "flag");
    requireKnownVariables(environment);
    path.ifPresent(known -> requireKnown(inFile, known.toString()));
    requireKnown(runningSystem, "refinery up");
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withDefaultValues(SettingNames.MAPPING.getProperties())
            .withDefaultValue("user.home", System.getProperty("user.home"))
            .withSources(
                new PropertiesConfigSource(runningSystem, "refinery up", RUNNING_SYSTEM),
                new PropertiesConfigSource(inFile, "file", FILE),
                new EnvConfigSource(environment, ENVIRONMENT),
                new PropertiesConfigSource(flags, "flag", FLAGS));
    return new Configuration(SettingConverters.addTo(builder).build(), path);
  }

  private static void requireKnown(Map<String, String> properties, String source) {
    properties.keySet().stream()
        .filter(name -> !NAMES.isKnown(name))
        .sorted()
        .findFirst()
        .ifPresent(
            unknown -> {
              throw new ConfigurationException(
                  "There is no setting '%s' (set by %s): %s."
                      .formatted(unknown, source, advice(NAMES.nearest(unknown))));
            });
  }

  private static void requireKnownVariables(Map<String, String> environment) {
    environment.keySet().stream()
        .filter(variable -> !NAMES.isKnownVariable(variable))
        .sorted()
        .findFirst()
        .ifPresent(
            unknown -> {
              throw new ConfigurationException(
                  "There is no setting for the environment variable %s: %s."
                      .formatted(unknown, advice(NAMES.nearestVariable(unknown))));
            });
  }

  private static String advice(Optional<String> nearest) {
    return nearest
        .map(name -> "the nearest name is " + name)
        .orElse("docs/configuration.md lists all of them");
  }

  private void requireValid(String name, Class<?> type) {
    ConfigValue value = config.getConfigValue(name);
    if (value.hasProblems()) {
      throw new ConfigurationException(
          "%s: '%s' refers to a property that has no value (set by %s)."
              .formatted(name, isSecret(name) ? HIDDEN : value.getRawValue(), source(value)));
    }
    String text = value.getValue();
    // A variable that is set to nothing is as good as none, unless that would hide a default.
    boolean hasDefault = SettingNames.MAPPING.getProperties().get(name) != null;
    if (text == null || (text.isEmpty() && !hasDefault)) {
      return;
    }
    if (text.isEmpty()) {
      throw new ConfigurationException(
          "%s is empty (set by %s): give it a value, or leave it out."
              .formatted(name, source(value)));
    }
    try {
      config.requireConverter(type).convert(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "%s: %s (set by %s).".formatted(name, e.getMessage(), source(value)), e);
    }
  }

  private static Optional<Path> configurationFile(Optional<Path> file) {
    return file.or(() -> Files.exists(DEFAULT_FILE) ? Optional.of(DEFAULT_FILE) : Optional.empty());
  }

  public Settings settings() {
    return settings;
  }

  /** Every property that has a value, by name. */
  public List<Property> properties() {
    return Stream.concat(NAMES.types().keySet().stream(), furtherNames())
        .map(config::getConfigValue)
        .filter(value -> value.getValue() != null)
        .map(value -> new Property(value.getName(), shown(value), source(value)))
        .sorted(Comparator.comparing(Property::name))
        .toList();
  }

  /** Those under an open name, and a list's elements, as far as they are set. */
  private Stream<String> furtherNames() {
    Stream<String> open =
        NAMES.open().stream()
            .map(prefix -> prefix.substring(0, prefix.length() - 1))
            .flatMap(parent -> config.getMapKeys(parent).values().stream());
    Stream<String> elements =
        StreamSupport.stream(config.getPropertyNames().spliterator(), false)
            .filter(name -> name.endsWith("]") && NAMES.isKnown(name));
    return Stream.concat(open, elements);
  }

  private static String shown(ConfigValue value) {
    return isSecret(value.getName()) ? HIDDEN : value.getValue();
  }

  private static boolean isSecret(String name) {
    return SECRET.matcher(name).find();
  }

  private String source(ConfigValue value) {
    return switch (value.getConfigSourceOrdinal()) {
      case RUNNING_SYSTEM -> "refinery up";
      case FILE -> file.map(Path::toString).orElse("file");
      case ENVIRONMENT -> "environment";
      case FLAGS -> "flag";
      default -> "default";
    };
  }

  /**
   * One property as it holds.
   *
   * @param value as text; a secret's is hidden
   * @param source where it is from: {@code default}, {@code refinery up}, a file's name, {@code
   *     environment} or {@code flag}
   */
  public record Property(String name, String value, String source) {}
}
