package io.refinery.console;

import io.refinery.engine.RefiningEngine;
import io.refinery.engine.TrainingEngine;
import io.refinery.testkit.JavaProgram;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs Refinery in a separate JVM whose only engine is {@link DoomedEngine}. */
final class DoomedProcess {

  record End(int code, String errors) {}

  private final Path folder;

  /**
   * @param folder receives the files of the run
   */
  DoomedProcess(Path folder) {
    this.folder = folder;
  }

  /** Runs {@code command} to its end. */
  End run(List<String> command, Duration patience) throws IOException, InterruptedException {
    Path errors = folder.resolve("errors.txt");
    String classPath = services() + File.pathSeparator + System.getProperty("java.class.path");
    Process process =
        JavaProgram.of(classPath, Refinery.class, "256m", command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(errors.toFile())
            .start();
    try {
      if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(
            "The process has not ended; its standard error: " + Files.readString(errors));
      }
      return new End(process.exitValue(), Files.readString(errors));
    } finally {
      process.destroyForcibly();
    }
  }

  /** Registers the engine for this process only, because all tests share its class path. */
  private Path services() throws IOException {
    Path services = Files.createDirectories(folder.resolve("classes/META-INF/services"));
    for (Class<?> kind : List.of(RefiningEngine.class, TrainingEngine.class)) {
      Files.writeString(services.resolve(kind.getName()), DoomedEngine.class.getName());
    }
    return folder.resolve("classes");
  }
}
