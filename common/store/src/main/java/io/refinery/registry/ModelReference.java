package io.refinery.registry;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A reference to a model, as in jobs: {@code eyes@7} is a version, {@code eyes@stable} a channel,
 * and {@code eyes} alone means its channel {@code stable}.
 */
public sealed interface ModelReference {

  /** The channel that a model's name alone refers to. */
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

  /** The version that a channel points to. */
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
   * @throws IllegalArgumentException if {@code text} is not a reference; the message shows the
   *     syntax
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
          "'" + text + "' is not a model such as eyes@7 or eyes@stable. " + e.getMessage(), e);
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a model such as eyes@7 or eyes@stable");
  }

  /** Rejects an invalid name of a model or a channel. */
  static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "A name must be a lower-case letter followed by up to 62 of a-z 0-9 . _ -, not '"
              + name
              + "'");
    }
  }
}
