package io.refinery.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every parser survives malformed input. Run with {@code -Pfuzz -Dfuzz.seconds=600} for more inputs
 * than the default.
 */
class MalformedInputTest {

  private static final FuzzRun.Length LENGTH =
      new FuzzRun.Length(
          Long.getLong("fuzz.inputs", 1000),
          Long.getLong("fuzz.seconds", 0),
          Long.getLong("fuzz.start", 1));

  @TempDir static Path folder;

  static Stream<FuzzTarget> targets() throws Exception {
    String only = System.getProperty("fuzz.target", "");
    return Stream.of(
            MessageTargets.all(),
            BundleTargets.all(folder),
            ImageTargets.all(folder),
            PackTargets.all(folder),
            ModelTargets.all(folder))
        .flatMap(targets -> targets.stream())
        .filter(target -> only.isEmpty() || List.of(only.split(",")).contains(target.name()));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void malformedInputIsRefusedWithACodeWithinTheLimits(FuzzTarget target) throws Exception {
    FuzzRun run = new FuzzRun(target);
    Map<String, String> faults = run.run(LENGTH);
    System.out.println(run.summary());
    assertThat(faults).as(run.summary()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void inputThatOnceBrokeAPromiseIsRefused(FuzzTarget target) throws Exception {
    FuzzRun run = new FuzzRun(target);
    List<byte[]> inputs = Fixtures.regressions(target.name());
    assertThat(run.repeat(inputs)).isEmpty();
  }
}
