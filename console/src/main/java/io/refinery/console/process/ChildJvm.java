package io.refinery.console.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Programs of this class path in a JVM of their own, for what may crash, hang, or load libraries
 * that do not go with each other. The JVM is this one's, with its options and its {@code refinery.}
 * properties.
 */
public final class ChildJvm {

  /** How a program ended. */
  public sealed interface End {

    /**
     * By itself, or by a crash.
     *
     * @param lastWords the last line that it wrote, or what a JVM says of a crash; may be empty
     */
    record Exited(int code, String lastWords) implements End {}

    /** It had not ended after {@code patience} and was killed. */
    record Hung(Duration patience, String lastWords) implements End {}
  }

  private static final String HEAP = "-Xmx1g";

  private ChildJvm() {}

  /**
   * Runs {@code program} to its end. Its standard input is empty, and closed when this process
   * ends.
   *
   * @param folder for what it writes to its outputs; files of its run stay there
   * @throws IOException when it cannot be started, or what it wrote cannot be read
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
      String lastWords = CrashSummary.of(Files.readString(said, StandardCharsets.ISO_8859_1));
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
    // It ends before C2's code has paid for the compiling.
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + folder.resolve("crash.txt"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(arguments);
    return command;
  }

  /** Those that a program needs to run as here; not those of memory, debuggers and agents. */
  private static Stream<String> options() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-D") || option.startsWith("--"));
  }

  /** Also those that were set after the start. */
  private static Stream<String> properties() {
    return System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("refinery.") || name.equals("logback.configurationFile"))
        .sorted()
        .map(name -> "-D" + name + "=" + System.getProperty(name));
  }
}
