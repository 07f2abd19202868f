package io.refinery.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {

  private static final int SWEEPERS = 4;

  @TempDir private Path parent;

  @Test
  void aWorkspaceInUseIsKeptHoweverOldItIs() throws Exception {
    try (Workspace space = Workspace.in(parent, "training-")) {
      Path file = Files.writeString(space.file("checkpoint"), "a week's work");
      makeOld(file.getParent());

      Workspace.sweep(parent);

      assertThat(file).exists();
    }
    assertThat(folders()).isEmpty();
  }

  @Test
  void aWorkspaceOfAnotherProcessIsKeptUntilThatProcessDies() throws Exception {
    Process owner = owner();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(owner.getInputStream(), UTF_8))) {
      Path folder = Path.of(out.readLine());
      makeOld(folder);

      Workspace.sweep(parent);
      assertThat(folder).isDirectory();

      owner.destroyForcibly().waitFor();
      Workspace.sweep(parent);
      assertThat(folder).doesNotExist();
    } finally {
      owner.destroyForcibly();
    }
  }

  @Test
  void aSweepInTheOwnersProcessDoesNotReleaseItsLock() throws Exception {
    try (Workspace space = Workspace.in(parent, "training-")) {
      Workspace.sweep(parent);
      Process other = program(WorkspaceSweeper.class);
      assertThat(other.waitFor()).isZero();
      assertThat(space.file("")).isDirectory();
    }
  }

  @Test
  void anUnownedFolderIsRemovedHoweverNewItIs() throws Exception {
    Files.writeString(
        Files.createDirectories(parent.resolve("training-1/version")).resolve("a"), "");
    Workspace.sweep(parent);
    assertThat(folders()).isEmpty();
  }

  @Test
  void aMissingFolderCanBeSwept() {
    Workspace.sweep(parent.resolve("missing"));
    assertThat(parent.resolve("missing")).doesNotExist();
  }

  @Test
  void concurrentSweepsDoNotDisturbEachOther() throws Exception {
    for (int i = 0; i < 300; i++) {
      Path folder = Files.createDirectories(parent.resolve("stale-" + i + "/deep/er"));
      Files.writeString(folder.resolve("file"), "stale");
      makeOld(parent.resolve("stale-" + i));
    }
    atOnce(
        SWEEPERS,
        () -> {
          Workspace.sweep(parent);
          return true;
        });
    assertThat(folders()).isEmpty();
  }

  @Test
  void aSweepRemovesNoWorkspaceThatIsBeingCreated() throws Exception {
    Callable<Boolean> creating =
        () -> {
          for (int i = 0; i < 200; i++) {
            try (Workspace space = Workspace.in(parent, "job-")) {
              Path file = Files.writeString(space.file("input"), "bytes");
              assertThat(Files.readString(file)).isEqualTo("bytes");
            }
          }
          return true;
        };
    Process sweeper = program(WorkspaceSweeper.class, "1000");
    try {
      atOnce(SWEEPERS, creating);
      Workspace.sweep(parent);
    } finally {
      sweeper.destroyForcibly().waitFor();
    }
    assertThat(folders()).isEmpty();
  }

  private static void atOnce(int threads, Callable<Boolean> task) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Boolean>> done = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        done.add(pool.submit(task));
      }
      for (Future<Boolean> one : done) {
        assertThat(one.get()).isTrue();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private Process owner() throws IOException {
    return program(WorkspaceOwner.class);
  }

  private Process program(Class<?> program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(program.getName(), parent.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void makeOld(Path folder) throws IOException {
    Files.setLastModifiedTime(folder, FileTime.from(Instant.now().minus(3, ChronoUnit.DAYS)));
  }

  private List<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(parent)) {
      return all.filter(Files::isDirectory).toList();
    }
  }
}
