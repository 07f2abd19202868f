package io.refinery.console.config;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The settings that hold, and where each came from. */
public final class Configuration {

  /** The file that is read from the working folder where no other is named. */
  public static final Path DEFAULT_FILE = Path.of("refinery.properties");

  private static final int RUNNING_SYSTEM = 100;
  private static final int FILE = 200;
  private static final int ENVIRONMENT = 300;
  private static final int FLAGS = 400;

  /** SmallRye wraps a source's name: {@code PropertiesConfigSource[source=NAME]}. */
  private static final Pattern SOURCE_NAME = Pattern.compile("^\\w+\\[source=(.*)]$");

  private static final Pattern UNKNOWN =
      Pattern.compile("(refinery[\\w.-]*) in \\w+\\[source=(.*)] does not map to any root");

  private static final Pattern BAD_VALUE =
      Pattern.compile("The config property (\\S+) with .* SRCFG\\d+: (.*)");

  private static final Pattern BAD_CHOICE =
      Pattern.compile("Cannot convert (.*) to enum .*, allowed values: (.*)");

  private static final Pattern SECRET = Pattern.compile("secret|password|jaas");

  private final SmallRyeConfig config;
  private final Settings settings;

  private Configuration(SmallRyeConfig config) {
    this.config = config;
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
   * @throws ConfigurationException naming the property that is unknown or has a bad value
   */
  public static Configuration load(
      Map<String, String> runningSystem,
      Optional<Path> file,
      Map<String, String> environment,
      Map<String, String> flags) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withDefaultValue("user.home", System.getProperty("user.home"))
            .withMapping(Settings.class)
            .withSources(
                new PropertiesConfigSource(runningSystem, "refinery up", RUNNING_SYSTEM),
                new EnvConfigSource(environment, ENVIRONMENT),
                new PropertiesConfigSource(flags, "flag", FLAGS));
    configurationFile(file)
        .ifPresent(
            path ->
                builder.withSources(new PropertiesConfigSource(read(path), path.toString(), FILE)));
    try {
      return new Configuration(builder.build());
    } catch (ConfigValidationException e) {
      throw new ConfigurationException(sentence(e), e);
    }
  }

  private static Optional<Path> configurationFile(Optional<Path> file) {
    if (file.isPresent() && !Files.isReadable(file.get())) {
      throw new ConfigurationException(
          "The configuration file " + file.get() + " cannot be read: check its path.");
    }
    return file.or(
        () -> Files.isReadable(DEFAULT_FILE) ? Optional.of(DEFAULT_FILE) : Optional.empty());
  }

  private static Map<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(
          "The configuration file " + file + " cannot be read: " + e.getMessage(), e);
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, properties::getProperty));
  }

  /** SmallRye may report several problems, in its own words; a person needs the first, in ours. */
  private static String sentence(ConfigValidationException e) {
    String message = e.getProblem(0).getMessage();
    Matcher unknown = UNKNOWN.matcher(message);
    if (unknown.find()) {
      return "There is no setting '%s', which the %s gives: `refinery config` lists those there are."
          .formatted(unknown.group(1), unknown.group(2));
    }
    Matcher bad = BAD_VALUE.matcher(message);
    return bad.find() ? bad.group(1) + ": " + reason(bad.group(2)) : message;
  }

  private static String reason(String words) {
    Matcher choice = BAD_CHOICE.matcher(words);
    return choice.find()
        ? "'%s' is none of %s"
            .formatted(
                choice.group(1),
                Arrays.stream(choice.group(2).split(","))
                    .sorted()
                    .collect(Collectors.joining(", ")))
        : words;
  }

  public Settings settings() {
    return settings;
  }

  /** Every property that has a value, by name. */
  public List<Property> properties() {
    return StreamSupport.stream(config.getPropertyNames().spliterator(), false)
        .filter(name -> name.startsWith("refinery."))
        .map(config::getConfigValue)
        .filter(value -> value.getValue() != null)
        .map(value -> new Property(value.getName(), shown(value), source(value)))
        .sorted(Comparator.comparing(Property::name))
        .toList();
  }

  private static String shown(ConfigValue value) {
    boolean secret = SECRET.matcher(value.getName()).find();
    return secret ? "(hidden)" : value.getValue();
  }

  private static String source(ConfigValue value) {
    return switch (value.getConfigSourceOrdinal()) {
      case RUNNING_SYSTEM -> "refinery up";
      case FILE -> SOURCE_NAME.matcher(value.getConfigSourceName()).replaceFirst("$1");
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
