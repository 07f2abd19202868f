package io.refinery.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs that a test starts in a JVM of their own, which logs as the test does. What they write
 * to their error output goes to the test's unless it is redirected.
 */
public final class JavaProgram {

  private static final String CLASS_PATH = "java.class.path";
  private static final String LOG = "logback.configurationFile";

  private JavaProgram() {}

  /**
   * A program of the test's class path.
   *
   * @param heap the most that it may have, such as {@code 64m}
   */
  public static ProcessBuilder of(Class<?> program, String heap, String... arguments) {
    return of(System.getProperty(CLASS_PATH), program, heap, List.of(arguments));
  }

  /** A program of this class path. */
  public static ProcessBuilder of(
      String classPath, Class<?> program, String heap, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    if (System.getProperty(LOG) != null) {
      command.add("-D" + LOG + "=" + System.getProperty(LOG));
    }
    command.addAll(List.of("-cp", classPath, program.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}
