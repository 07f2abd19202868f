package io.refinery.engine.onnx;

/**
 * The threads that one refiner computes with.
 *
 * @param count threads, the caller's among them, at least 1
 * @param spinning whether they wait for work with their core busy: a little sooner ready, but what
 *     else runs on those cores is held up
 */
public record OnnxThreads(int count, boolean spinning) {

  /** System property with the number of threads; without it, as many as the process has cores. */
  public static final String COUNT_PROPERTY = "refinery.onnx.threads";

  /** System property, {@code true} or {@code false} (the default), for {@link #spinning()}. */
  public static final String SPINNING_PROPERTY = "refinery.onnx.spinning";

  public OnnxThreads {
    if (count < 1) {
      throw new IllegalArgumentException("A refiner computes with at least 1 thread, not " + count);
    }
  }

  /**
   * What the two system properties say.
   *
   * @throws IllegalArgumentException where one has no meaning
   */
  public static OnnxThreads configured() {
    return new OnnxThreads(configuredCount(), configuredSpinning());
  }

  private static int configuredCount() {
    String text = System.getProperty(COUNT_PROPERTY);
    if (text == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          COUNT_PROPERTY + " is a number of threads, not '" + text + "'", e);
    }
  }

  private static boolean configuredSpinning() {
    String text = System.getProperty(SPINNING_PROPERTY, "false").strip();
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              SPINNING_PROPERTY + " is true or false, not '" + text + "'");
    };
  }

  @Override
  public String toString() {
    return count + (count == 1 ? " thread" : " threads") + (spinning ? ", spinning" : "");
  }
}
