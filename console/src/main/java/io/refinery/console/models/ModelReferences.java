package io.refinery.console.models;

import io.refinery.console.config.ConfigurationException;
import io.refinery.registry.ModelReference;

/** Parses model names and references from the command line. */
final class ModelReferences {

  private ModelReferences() {}

  static ModelReference parse(String text) {
    try {
      return ModelReference.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  /** Checks and returns a model's name without version or channel. */
  static String name(String text) {
    try {
      ModelReference.requireName(text);
      return text;
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "'" + text + "' is not a model name: give the name alone, such as eyes.", e);
    }
  }
}
