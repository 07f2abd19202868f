package io.refinery.console.config;

import io.dropwizard.util.DataSize;
import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import io.refinery.storage.CredentialsSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Turns texts into settings of every type but text. What is not valid ends in an {@link
 * IllegalArgumentException} that says what would be, after the property's name.
 */
final class SettingConverters {

  /** Before SmallRye's own. */
  private static final int PRIORITY = 200;

  private static final String URL = "a URL such as http://localhost:9000";

  private SettingConverters() {}

  static SmallRyeConfigBuilder addTo(SmallRyeConfigBuilder builder) {
    add(builder, Boolean.class, SettingConverters::bool);
    add(builder, Integer.class, text -> number(text, "a whole number", Integer::valueOf));
    add(builder, Short.class, text -> number(text, "a whole number", Short::valueOf));
    add(builder, Long.class, text -> number(text, "a whole number", Long::valueOf));
    add(builder, Double.class, SettingConverters::real);
    add(builder, Duration.class, SettingConverters::duration);
    add(builder, DataSize.class, SettingConverters::size);
    add(builder, URI.class, SettingConverters::address);
    add(builder, Path.class, SettingConverters::path);
    add(builder, Device.class, new DeviceConverter()::convert);
    add(builder, Precision.class, Precision::parse);
    add(builder, CredentialsSource.class, CredentialsSource::parse);
    add(builder, BrokerAddresses.class, BrokerAddresses::parse);
    add(builder, CountOrAuto.class, CountOrAuto::parse);
    addChoice(builder, BooleanOrAuto.class);
    addChoice(builder, Settings.Log.Format.class);
    addChoice(builder, Settings.Log.Level.class);
    addChoice(builder, Settings.Engines.Examine.class);
    addChoice(builder, Settings.Engines.Torch.Convolution.class);
    return builder;
  }

  private static <T> void add(
      SmallRyeConfigBuilder builder, Class<T> type, Function<String, T> conversion) {
    // SmallRye converts the empty text for an optional setting that is not set; null means none.
    builder.withConverter(
        type, PRIORITY, text -> text.isEmpty() ? null : conversion.apply(text.strip()));
  }

  private static <E extends Enum<E>> void addChoice(SmallRyeConfigBuilder builder, Class<E> type) {
    add(builder, type, text -> choice(text, type));
  }

  private static <E extends Enum<E>> E choice(String text, Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(choice -> lowerCase(choice).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                invalid(
                    text,
                    "one of "
                        + Arrays.stream(type.getEnumConstants())
                            .map(SettingConverters::lowerCase)
                            .collect(Collectors.joining(", ")),
                    null));
  }

  private static String lowerCase(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  private static Boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(text, "true or false", null);
    };
  }

  private static <N extends Number> N number(
      String text, String kind, Function<String, N> conversion) {
    try {
      return conversion.apply(text);
    } catch (NumberFormatException e) {
      throw invalid(text, kind, e);
    }
  }

  private static Double real(String text) {
    Double number = number(text, "a number", Double::valueOf);
    if (!Double.isFinite(number)) {
      throw invalid(text, "a number", null);
    }
    return number;
  }

  private static Duration duration(String text) {
    try {
      Duration duration = Duration.parse(text);
      if (duration.compareTo(Duration.ZERO) > 0) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      throw invalid(text, "a time such as PT30S or PT5M", e);
    }
    throw invalid(text, "a time above zero", null);
  }

  private static DataSize size(String text) {
    try {
      DataSize size = DataSize.parse(text);
      // Its own multiplication wraps around.
      if (Math.multiplyExact(size.getQuantity(), size.getUnit().toBytes(1)) > 0) {
        return size;
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw invalid(text, "a size such as 64 GiB or 500 MiB", e);
    }
    throw invalid(text, "a size above zero", null);
  }

  private static URI address(String text) {
    URI address;
    try {
      address = new URI(text);
    } catch (URISyntaxException e) {
      throw invalid(text, URL, e);
    }
    String scheme = address.getScheme();
    if (address.getHost() == null
        || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
      throw invalid(text, URL, null);
    }
    if (!address.getRawPath().replace("/", "").isEmpty()
        || address.getRawQuery() != null
        || address.getRawFragment() != null
        || address.getRawUserInfo() != null) {
      throw invalid(text, "only a scheme, a host and a port, such as http://localhost:9000", null);
    }
    return address;
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw invalid(text, "a path", e);
    }
  }

  private static IllegalArgumentException invalid(String text, String valid, Exception cause) {
    return new IllegalArgumentException("'%s' is not %s".formatted(text, valid), cause);
  }
}
