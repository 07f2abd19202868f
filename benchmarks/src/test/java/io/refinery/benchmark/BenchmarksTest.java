package io.refinery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs each benchmark briefly, to find broken ones early. */
class BenchmarksTest {

  @Test
  void theBenchmarkOfBundlesRuns() throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options.include(BundleBenchmark.class.getName() + "\\.");
    options.forks(0).warmupIterations(0).measurementIterations(1);
    options.measurementTime(TimeValue.milliseconds(1));
    options.verbosity(VerboseMode.SILENT).shouldFailOnError(true);

    Collection<RunResult> results = new Runner(options.build()).run();

    assertThat(results).isNotEmpty();
    assertThat(results)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
  }
}
