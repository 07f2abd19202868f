package io.refinery.registry;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * What a job names a model by: {@code eyes@7} is a version, {@code eyes@stable} a channel, and
 * {@code eyes} alone its channel {@code stable}.
 */
public sealed interface ModelReference {

  /** The channel that a name alone means. */
  String DEFAULT_CHANNEL = "stable";

  /** The channel that every publication moves forward. */
  String LATEST_CHANNEL = "latest";

  Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{0,62}");

  String name();

  /** A version by its number. */
  record ToVersion(ModelVersion version) implements ModelReference {
    @Override
    public String name() {
      return version.name();
    }

    @JsonValue
    @Override
    public String toString() {
      return version.toString();
    }
  }

  /** Whatever version a channel points to. */
  record ToChannel(String name, String channel) implements ModelReference {
    public ToChannel {
      requireName(name);
      requireName(channel);
    }

    @JsonValue
    @Override
    public String toString() {
      return name + "@" + channel;
    }
  }

  /**
   * @throws IllegalArgumentException saying what a reference looks like
   */
  @JsonCreator
  static ModelReference parse(String text) {
    String[] parts = text.strip().split("@", -1);
    try {
      if (parts.length == 1) {
        return new ToChannel(parts[0], DEFAULT_CHANNEL);
      }
      if (parts.length == 2 && parts[1].matches("[0-9]{1,9}")) {
        return new ToVersion(new ModelVersion(parts[0], Integer.parseInt(parts[1])));
      }
      if (parts.length == 2) {
        return new ToChannel(parts[0], parts[1]);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no model: eyes@7 or eyes@stable. " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("'" + text + "' is no model: eyes@7 or eyes@stable");
  }

  /** Refuses what cannot be the name of a model or a channel. */
  static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "A name is a small letter and up to 62 of a-z 0-9 . _ -, not '" + name + "'");
    }
  }
}
