package io.refinery.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs that a test starts in a JVM of their own, which logs as the test does and has its {@code
 * refinery.} properties. What they write to their error output goes to the test's unless it is
 * redirected.
 */
public final class JavaProgram {

  private static final String CLASS_PATH = "java.class.path";
  private static final String LOG = "logback.configurationFile";

  /** What the names of this project's properties begin with. */
  private static final String OWN = "refinery.";

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
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.equals(LOG) || name.startsWith(OWN))
        .sorted()
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    command.addAll(List.of("-cp", classPath, program.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}
