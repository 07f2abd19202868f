package io.refinery.console.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.console.doctor.Capability.NotMade;
import io.refinery.console.doctor.Capability.Unusable;
import io.refinery.console.doctor.Capability.Usable;
import io.refinery.engine.EngineOptions;
import io.refinery.json.Json;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of programs that do not end as they should. */
class EngineExaminerTest {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofSeconds(2);

  @Test
  void aCrashInNativeCodeIsASentenceOfTheReport() throws Exception {
    ExaminationResult examined = examine(Crashes.class, LONG, "dl4j");

    assertThat(unusable(examined, EngineUse.REFINE))
        .startsWith("The process that tried it ended with exit code ")
        .contains("SIGSEGV");
    assertThat(unusable(examined, EngineUse.TRAIN)).isEqualTo(unusable(examined, EngineUse.REFINE));
  }

  @Test
  void whatWasFoundBeforeACrashIsKept() throws Exception {
    ExaminationResult examined = examine(RefinesAndCrashes.class, LONG, "dl4j");

    assertThat(examined.refining()).contains(new Usable("Fake 1.0", 1, Optional.empty()));
    assertThat(unusable(examined, EngineUse.TRAIN)).contains("SIGSEGV");
  }

  @Test
  void aProgramThatFailsIsQuotedByItsLastLine() throws Exception {
    assertThat(unusable(examine(Fails.class, LONG, "onnx"), EngineUse.REFINE))
        .isEqualTo("The process that tried it ended with exit code 7: libfake.so.1 is missing");
  }

  @Test
  void aProgramThatHangsIsEndedAndSaidToHang() throws Exception {
    assertThat(unusable(examine(Hangs.class, SHORT, "onnx"), EngineUse.REFINE))
        .startsWith("The process that tried it had not ended after 2 s");
  }

  @Test
  void anEngineIsNotBlamedForWhatItIsNotMadeFor() throws Exception {
    assertThat(examine(Fails.class, LONG, "onnx").training()).contains(new NotMade());
  }

  @Test
  void anEngineIsTriedForNothingButWhatIsAsked() throws Exception {
    EngineExaminer failing = new EngineExaminer(Fails.class, 0, LONG, EngineOptions.DEFAULTS);

    assertThat(failing.examine("dl4j", "cpu", EnumSet.of(EngineUse.TRAIN)))
        .satisfies(
            examined -> {
              assertThat(examined.refining()).isEmpty();
              assertThat(unusable(examined, EngineUse.TRAIN)).contains("libfake.so.1");
            });
    assertThat(failing.examine("onnx", "cpu", EnumSet.of(EngineUse.TRAIN)))
        .isEqualTo(ExaminationResult.nothing("onnx", "cpu").with(EngineUse.TRAIN, new NotMade()));
  }

  @Test
  void aProgramThatHangsEndsWithTheProcessThatStartedIt() throws Exception {
    Process orphan =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HangsAndWatches.class.getName())
            .start();
    try {
      orphan.getOutputStream().close();

      assertThat(orphan.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(orphan.exitValue()).isEqualTo(ParentWatchdog.EXIT_CODE);
    } finally {
      orphan.destroyForcibly();
    }
  }

  private static ExaminationResult examine(Class<?> program, Duration patience, String engine)
      throws Exception {
    return new EngineExaminer(program, 0, patience, EngineOptions.DEFAULTS)
        .examine(engine, "cpu", EnumSet.allOf(EngineUse.class));
  }

  private static String unusable(ExaminationResult examined, EngineUse use) {
    return ((Unusable) examined.to(use).orElseThrow()).missing();
  }

  /** Reads where nothing is. */
  static final class Crashes {
    public static void main(String[] arguments) throws ReflectiveOperationException {
      crash();
    }

    static void crash() throws ReflectiveOperationException {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      Field unsafe = type.getDeclaredField("theUnsafe");
      unsafe.setAccessible(true);
      System.out.println(type.getMethod("getLong", long.class).invoke(unsafe.get(null), 8L));
    }
  }

  static final class RefinesAndCrashes {
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
      ProbeTask task = ProbeTask.of(List.of(arguments));
      ExaminationResult half =
          ExaminationResult.nothing(task.engine(), task.device())
              .with(EngineUse.REFINE, new Usable("Fake 1.0", 1, Optional.empty()));
      Files.write(task.result(), Json.write(half));
      Crashes.crash();
    }
  }

  static final class Fails {
    public static void main(String[] arguments) {
      System.err.println("Loading");
      System.err.println("libfake.so.1 is missing");
      System.exit(7);
    }
  }

  static final class HangsAndWatches {
    public static void main(String[] arguments) throws InterruptedException {
      ParentWatchdog.watch();
      Hangs.main(arguments);
    }
  }

  static final class Hangs {
    public static void main(String[] arguments) throws InterruptedException {
      new CountDownLatch(1).await();
    }
  }
}
