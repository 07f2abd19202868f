package io.refinery.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs that a test starts in a separate JVM, with the test's logging configuration and {@code
 * refinery.} properties. Unless redirected, their standard error goes to that of the test.
 */
public final class JavaProgram {

  private static final String CLASS_PATH = "java.class.path";
  private static final String LOG = "logback.configurationFile";

  /** The prefix of this project's system properties. */
  private static final String OWN = "refinery.";

  private JavaProgram() {}

  /**
   * Prepares a program on the test's class path.
   *
   * @param heap maximum heap, such as {@code 64m}
   */
  public static ProcessBuilder of(Class<?> program, String heap, String... arguments) {
    return of(System.getProperty(CLASS_PATH), program, heap, List.of(arguments));
  }

  /** Prepares a program on the given class path. */
  public static ProcessBuilder of(
      String classPath, Class<?> program, String heap, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.add("-XX:+UseSerialGC");
    // It ends before compiling with C2 would pay off.
    command.add("-XX:TieredStopAtLevel=1");
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.equals(LOG) || name.startsWith(OWN))
        .sorted()
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    command.addAll(List.of("-cp", classPath, program.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}
