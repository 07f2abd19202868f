package io.refinery.parity;

import io.refinery.json.Json;
import io.refinery.testkit.JavaProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The results of the engines, each of which runs in a separate process, because their native
 * libraries conflict. An engine is run once, when one of its results is first requested.
 */
final class EngineAnswers {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String HEAP = "1g";
  private static final AnswerFiles FILES = files();
  private static final Map<String, Integer> TRAINED = new ConcurrentHashMap<>();
  private static final Map<String, Integer> REFINED = new ConcurrentHashMap<>();

  private EngineAnswers() {}

  static GoldenAnswer golden(String engine, String name) {
    requireTrained(engine);
    return read(FILES.golden(engine, name), GoldenAnswer.class);
  }

  static PairCase.Answer pair(String engine, PairCase of) {
    requireTrained(engine);
    return read(FILES.pair(engine, of), PairCase.Answer.class);
  }

  /**
   * Returns the pixels that an engine refined.
   *
   * @param name the name of a random case, or of the engine that trained the version
   */
  static float[] refined(String engine, String name) {
    Engines.training().forEach(EngineAnswers::requireTrained);
    requireGood(REFINED.computeIfAbsent(engine, one -> run(RefiningChild.class, one)), engine);
    return read(FILES.refined(engine, name), float[].class);
  }

  private static void requireTrained(String engine) {
    requireGood(TRAINED.computeIfAbsent(engine, one -> run(TrainingChild.class, one)), engine);
  }

  private static void requireGood(int exitCode, String engine) {
    if (exitCode != 0) {
      throw new IllegalStateException(
          "The process of " + engine + " failed with exit code " + exitCode);
    }
  }

  private static int run(Class<?> program, String engine) {
    try {
      Process process =
          JavaProgram.of(program, HEAP, engine, FILES.folder().toString()).inheritIO().start();
      try {
        if (!process.waitFor(PATIENCE.toMinutes(), TimeUnit.MINUTES)) {
          throw new IllegalStateException(engine + " ran for more than " + PATIENCE);
        }
        return process.exitValue();
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while running " + engine, e);
    }
  }

  private static AnswerFiles files() {
    try {
      AnswerFiles files = new AnswerFiles(Path.of("target", "answers").toAbsolutePath());
      for (RefinerCase each : RefinerCase.DRAWN) {
        each.draw(files.drawn(each));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T read(Path file, Class<T> type) {
    try {
      return Json.mapper().readValue(file.toFile(), type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
