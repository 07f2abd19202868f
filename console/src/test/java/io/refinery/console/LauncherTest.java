package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code refinery} with scripts in place of Java and Maven. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The launcher is a shell script")
class LauncherTest {

  private static final Path LAUNCHER = Path.of("..", "refinery");

  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "dirname",
          "find",
          "grep",
          "head",
          "locale",
          "mkdir",
          "readlink",
          "rm",
          "sed");

  private static final String COMPILER = "jdk.compiler@17";

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();
  private Path home;
  private Path launcher;
  private Path onPath;

  private record Answer(int code, String said) {}

  @BeforeEach
  void installTheLauncherAndTheToolsItNeeds() throws IOException {
    home = Files.createDirectories(folder.resolve("an installation"));
    launcher = Files.copy(LAUNCHER, home.resolve("refinery"));
    Files.createFile(home.resolve("pom.xml"));
    Path built = home.resolve("console/target/built");
    Files.createDirectories(built.getParent());
    Files.writeString(built, "built with nothing else\n");
    onPath = Files.createDirectory(folder.resolve("path"));
    for (String tool : TOOLS) {
      Path found =
          Stream.of("/usr/bin", "/bin")
              .map(bin -> Path.of(bin, tool))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(onPath.resolve(tool), found);
    }
    environment.put("PATH", onPath.toString());
    environment.put("LC_ALL", "C");
  }

  /** Writes a Java that says its version, and the locale and arguments that it is run with. */
  private Path java(Path bin, String version, String module) throws IOException {
    return script(
        bin.resolve("java"),
        """
        case "$*" in
          *-version*)
            echo "Picked up JAVA_TOOL_OPTIONS: -Dx=y" >&2
            echo "    java.home = %s" >&2
            echo "    java.specification.version = %s" >&2 ;;
          --list-modules) echo "java.base@17"; echo "%s" ;;
          *) echo "LC_ALL=$LC_ALL LC_CTYPE=$LC_CTYPE LC_MESSAGES=$LC_MESSAGES"; echo "$@" ;;
        esac
        """
            .formatted(bin.getParent(), version, module));
  }

  private static Path script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Answer launch() throws IOException, InterruptedException {
    ProcessBuilder process =
        new ProcessBuilder(onPath.resolve("bash").toString(), launcher.toString(), "config")
            .redirectErrorStream(true);
    process.environment().clear();
    process.environment().putAll(environment);
    Process started = process.start();
    String said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(started.waitFor(), said.strip());
  }

  private void assertFails(String... said) throws IOException, InterruptedException {
    Answer answer = launch();
    assertThat(answer.said()).startsWith("refinery: ").contains(said).hasLineCount(1);
    assertThat(answer.code()).isEqualTo(1);
  }

  @Test
  void javaOnThePathRunsTheCommandInItsFolder() throws Exception {
    java(onPath, "17", COMPILER);

    assertThat(launch().said())
        .contains("io.refinery.console.Refinery config", home + "/console/target/classes:");
  }

  @Test
  void aReleaseRunsItsLibrariesWithoutMaven() throws Exception {
    java(onPath, "17", "java.xml@17");
    unpackARelease();

    assertThat(launch().said())
        .contains("-Drefinery.command=" + launcher)
        .contains("-Drefinery.embedded.home=" + home + "/embedded ")
        .contains("-Drefinery.engines.home=" + home + "/engines ")
        .contains("-cp " + home + "/lib/* io.refinery.console.Refinery config");
  }

  @Test
  void aReleaseOnThePathCallsItselfByItsName() throws Exception {
    java(onPath, "17", "java.xml@17");
    unpackARelease();
    launcher = Files.createSymbolicLink(onPath.resolve("refinery"), launcher);

    assertThat(launch().said()).contains("-Drefinery.command=refinery ", "-cp " + home + "/lib/* ");
  }

  @Test
  void aReleaseRefusesOptionsForMaven() throws Exception {
    java(onPath, "17", "java.xml@17");
    unpackARelease();
    environment.put("REFINERY_MAVEN_OPTIONS", "-Ptorch-cuda");

    assertFails("REFINERY_MAVEN_OPTIONS is set, but a release is already built.");
  }

  private void unpackARelease() throws IOException {
    home = Files.createDirectory(folder.resolve("a release"));
    Path bin = Files.createDirectory(home.resolve("bin"));
    launcher = Files.copy(LAUNCHER, bin.resolve("refinery"));
  }

  @Test
  void aWrongJavaHomeIsNamedWithTheJavaThatThePathHas() throws Exception {
    Path other = java(onPath, "21", COMPILER);
    environment.put("JAVA_HOME", "/nowhere");

    assertFails(
        "JAVA_HOME is /nowhere, but there is no program /nowhere/bin/java.",
        "unset it to use " + other + " (Java 21).");
  }

  @Test
  void aJavaThatIsTooOldIsNamedWithWhereItIsFrom() throws Exception {
    Path old = java(onPath, "11", COMPILER);
    assertFails(old + " (from the PATH) is Java 11; Refinery needs 17 or later.");

    Path older = java(folder.resolve("jdk8/bin"), "1.8", COMPILER);
    environment.put("JAVA_HOME", folder.resolve("jdk8").toString());
    assertFails(
        older + " (from JAVA_HOME) is Java 8; Refinery needs 17 or later.", "Set JAVA_HOME");
  }

  @Test
  void noJavaAtAllIsSaid() throws Exception {
    assertFails("JAVA_HOME is not set, and there is no java on the PATH.", "Install JDK 17");
  }

  @Test
  void aJavaThatDoesNotRunIsQuoted() throws Exception {
    script(onPath.resolve("java"), "echo 'cannot execute binary file' >&2; exit 126\n");

    assertFails("(from the PATH) does not run: cannot execute binary file. Install JDK 17");
  }

  @Test
  void aBuildNeedsACompilerAndUsesTheSameJava() throws Exception {
    Files.delete(home.resolve("console/target/built"));
    script(onPath.resolve("mvn"), "echo \"[ERROR] built with $JAVA_HOME\"; exit 1\n");
    Path runtime = java(folder.resolve("jre/bin"), "17", "java.xml@17");
    environment.put("JAVA_HOME", folder.resolve("jre").toString());
    assertFails(runtime + " (from JAVA_HOME) is a Java runtime without the compiler");

    java(folder.resolve("jdk/bin"), "17", COMPILER);
    environment.put("JAVA_HOME", folder.resolve("jdk").toString());
    assertThat(launch().said()).contains("[ERROR] built with " + folder.resolve("jdk"));
  }

  @Test
  void anAsciiLocaleIsChangedInItsCharactersAlone() throws Exception {
    java(onPath, "17", COMPILER);

    assertThat(launch().said())
        .containsPattern("LC_ALL= LC_CTYPE=\\S+\\.(?i:utf-?8) LC_MESSAGES=C\\n");
  }

  @Test
  void aMisspeltVariableOfTheLauncherIsNamed() throws Exception {
    environment.put("REFINERY_JAVA_OPTS", "-Xmx4g");

    assertFails("REFINERY_JAVA_OPTS", "REFINERY_JAVA_OPTIONS");
  }

  @Test
  void aFolderThatNoClassPathCanNameIsRefused() throws Exception {
    Path colon = Files.createDirectory(folder.resolve("a:b"));
    launcher = Files.move(home, colon.resolve("installation")).resolve("refinery");

    assertFails("a colon in its path");
  }
}
