package io.refinery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs each benchmark for an instant, so that none is found broken on the day it is needed. */
class BenchmarksTest {

  @ParameterizedTest
  @ValueSource(
      classes = {RefiningBenchmark.class, BundleBenchmark.class, MatrixMultiplyBenchmark.class})
  void theBenchmarkRuns(Class<?> benchmark) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options.include(benchmark.getName() + "\\.");
    if (Arrays.stream(benchmark.getDeclaredFields())
        .anyMatch(field -> field.getName().equals("batch"))) {
      options.param("batch", "1");
    }
    options.forks(0).warmupIterations(0).measurementIterations(1);
    options.measurementTime(TimeValue.milliseconds(1));
    options.verbosity(VerboseMode.SILENT).shouldFailOnError(true);

    Collection<RunResult> results = new Runner(options.build()).run();

    assertThat(results).isNotEmpty();
    assertThat(results)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
  }
}
