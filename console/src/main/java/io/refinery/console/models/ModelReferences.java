package io.refinery.console.models;

import io.refinery.console.config.ConfigurationException;
import io.refinery.registry.ModelReference;

/** What a person types to name a model. */
final class ModelReferences {

  private ModelReferences() {}

  static ModelReference parse(String text) {
    try {
      return ModelReference.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  /** A model's name alone. */
  static String name(String text) {
    try {
      ModelReference.requireName(text);
      return text;
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "'" + text + "' is no model's name: give it alone, such as eyes.", e);
    }
  }
}
