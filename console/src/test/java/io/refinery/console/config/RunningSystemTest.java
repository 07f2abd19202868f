package io.refinery.console.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningSystemTest {

  private static final Map<String, String> PROPERTIES =
      Map.of("refinery.storage.endpoint", "http://127.0.0.1:9000");

  @TempDir Path home;

  private static RunningSystem ofThisProcess() {
    return new RunningSystem(ProcessHandle.current().pid(), PROPERTIES);
  }

  @Test
  void aSystemThatRunsIsFound() throws IOException {
    ofThisProcess().announce(home);
    assertThat(RunningSystem.find(home)).contains(ofThisProcess());
  }

  @Test
  void aSystemWhoseProcessIsGoneIsNotFound() throws IOException, InterruptedException {
    Process ended =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
            .redirectErrorStream(true)
            .start();
    ended.waitFor();
    new RunningSystem(ended.pid(), PROPERTIES).announce(home);
    assertThat(RunningSystem.find(home)).isEmpty();
  }

  @Test
  void aSystemThatWithdrewIsNotFound() throws IOException {
    ofThisProcess().announce(home);
    RunningSystem.withdraw(home);
    assertThat(RunningSystem.find(home)).isEmpty();
  }

  @Test
  void itsKeysAreReadableByTheirOwnerAlone() throws IOException {
    assumeThat(Files.getFileStore(home).supportsFileAttributeView("posix")).isTrue();
    ofThisProcess().announce(home);
    assertThat(Files.getPosixFilePermissions(home.resolve("up.properties")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }
}
