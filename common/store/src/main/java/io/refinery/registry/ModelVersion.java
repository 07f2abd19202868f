package io.refinery.registry;

/**
 * One immutable version of a model, written {@code eyes@7}.
 *
 * @param number from 1
 */
public record ModelVersion(String name, int number) {

  public ModelVersion {
    ModelReference.requireName(name);
    if (number < 1) {
      throw new IllegalArgumentException("A version number must be at least 1, not " + number);
    }
  }

  @Override
  public String toString() {
    return name + "@" + number;
  }
}
