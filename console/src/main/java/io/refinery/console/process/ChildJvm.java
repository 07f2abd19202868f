package io.refinery.console.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs programs from this class path in a separate JVM, because they may crash, hang, or load
 * conflicting libraries. It uses the same Java installation, options and {@code refinery.}
 * properties as this JVM.
 */
public final class ChildJvm {

  /** How a program ended. */
  public sealed interface End {

    /**
     * It exited or crashed.
     *
     * @param lastWords the last line it wrote, or the JVM's crash summary; may be empty
     */
    record Exited(int code, String lastWords) implements End {}

    /** It was still running after {@code patience} and was killed. */
    record Hung(Duration patience, String lastWords) implements End {}
  }

  private static final String HEAP = "-Xmx1g";

  /** In which JVMs and native libraries write their output. */
  private static final Charset NATIVE = Charset.forName(System.getProperty("native.encoding"));

  private ChildJvm() {}

  /**
   * Runs {@code program} to its end. Its standard input is empty, and is closed when this process
   * ends.
   *
   * @param folder receives its output and crash file; not deleted by this class
   * @throws IOException if it cannot be started, or its output cannot be read
   */
  public static End run(Class<?> program, List<String> arguments, Path folder, Duration patience)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile(folder, "said", ".txt");
    Process process =
        new ProcessBuilder(command(program, arguments, folder))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(said.toFile()))
            .start();
    try {
      boolean isOver = process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
      String lastWords = CrashSummary.of(new String(Files.readAllBytes(said), NATIVE));
      return isOver
          ? new End.Exited(process.exitValue(), lastWords)
          : new End.Hung(patience, lastWords);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static List<String> command(Class<?> program, List<String> arguments, Path folder) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    options().forEach(command::add);
    properties().forEach(command::add);
    command.add(HEAP);
    command.add("-XX:+UseSerialGC");
    // It ends before compiling with C2 would pay off.
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:-CreateCoredumpOnCrash");
    // The JVM replaces %p in this option.
    command.add("-XX:ErrorFile=" + folder.resolve("crash.txt").toString().replace("%", "%%"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(arguments);
    return command;
  }

  /** Returns this JVM's options without those for memory, debuggers and agents. */
  private static Stream<String> options() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-D") || option.startsWith("--"));
  }

  /** Returns Refinery's properties, including those set after startup. */
  private static Stream<String> properties() {
    return System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("refinery.") || name.equals("logback.configurationFile"))
        .sorted()
        .map(name -> "-D" + name + "=" + System.getProperty(name));
  }
}
