package io.refinery.console.config;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names that settings have in files and flags, and as environment variables. */
final class SettingNames {

  static final ConfigClass MAPPING = ConfigClass.configClass(Settings.class);

  private static final String VARIABLE_PREFIX = "REFINERY_";

  /** Variables of the launcher, which this program does not read. */
  private static final Set<String> LAUNCHER =
      Set.of("REFINERY_JAVA_OPTIONS", "REFINERY_MAVEN_OPTIONS");

  /** Settings that the program takes as text, but that are checked as something else. */
  private static final Map<String, Class<?>> CHECKED =
      Map.of("refinery.kafka.bootstrap-servers", BrokerAddresses.class);

  /** The end of a name under which there are any. */
  private static final String ANY = ".*";

  /** The end of a name that stands for each element of a list, as SmallRye has it. */
  private static final String ELEMENT = "[*]";

  /**
   * The type of each by its name; those of lists and of names under which there are any are text.
   */
  private final Map<String, Class<?>> types = new TreeMap<>();

  /** With the dot at their end. */
  private final Set<String> open;

  SettingNames() {
    ConfigMappings.getProperties(MAPPING)
        .forEach(
            (name, property) -> types.put(name, type(property.getMethod().getGenericReturnType())));
    open =
        types.keySet().stream()
            .filter(name -> name.endsWith(ANY))
            .map(name -> name.substring(0, name.length() - 1))
            .collect(Collectors.toUnmodifiableSet());
    types.keySet().removeIf(name -> name.endsWith(ANY) || name.endsWith(ELEMENT));
    types.putAll(CHECKED);
  }

  private static Class<?> type(Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == Optional.class
          ? type(generic.getActualTypeArguments()[0])
          : String.class;
    }
    return (Class<?>) type;
  }

  /** Every setting but those under an open name, with its type, in order of names. */
  Map<String, Class<?>> types() {
    return types;
  }

  /**
   * The beginnings of names under which there may be any, such as {@code
   * refinery.kafka.properties.}.
   */
  Set<String> open() {
    return open;
  }

  /**
   * @param name in a file or flag
   */
  boolean isKnown(String name) {
    return types.containsKey(withoutIndex(name)) || open.stream().anyMatch(name::startsWith);
  }

  private static String withoutIndex(String name) {
    int bracket = name.indexOf('[');
    return bracket < 0 || !name.endsWith("]") ? name : name.substring(0, bracket);
  }

  /** The known name that is nearest to an unknown one; empty if all differ much. */
  Optional<String> nearest(String name) {
    return nearest(name, types.keySet().stream());
  }

  /**
   * Returns whether a variable is read, by this program or its launcher, or is another program's. A
   * name that differs from one that is read only in its case or its separators is not known.
   *
   * @param variable of the environment
   */
  boolean isKnownVariable(String variable) {
    return !variable(variable).startsWith(VARIABLE_PREFIX)
        || LAUNCHER.contains(variable)
        || types.keySet().stream().anyMatch(known -> isVariable(variable, variable(known)))
        || open.stream().anyMatch(known -> variable.startsWith(variable(known)));
  }

  /** A list's elements may be set one by one: {@code NAME_0_}. */
  private static boolean isVariable(String name, String known) {
    return name.equals(known) || name.matches(known + "_\\d+_");
  }

  /** The known variable that is nearest to an unknown one; empty if all differ much. */
  Optional<String> nearestVariable(String variable) {
    return nearest(
        variable(variable),
        Stream.concat(LAUNCHER.stream(), types.keySet().stream().map(SettingNames::variable)));
  }

  private static Optional<String> nearest(String name, Stream<String> all) {
    return all.map(known -> Map.entry(known, EditDistance.between(name, known)))
        .filter(known -> known.getValue() <= name.length() / 3)
        .min(Comparator.comparing(Map.Entry<String, Integer>::getValue))
        .map(Map.Entry::getKey);
  }

  private static String variable(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }
}
