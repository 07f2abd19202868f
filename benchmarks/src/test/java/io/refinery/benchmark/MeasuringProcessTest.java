package io.refinery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasuringProcessTest {

  private record Answer(int task, int turn) {}

  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void answersEveryRequestFromTheSameProcess() throws IOException {
    String program =
        "read task; turn=0; while read line; do turn=$((turn + 1)); echo noise;"
            + " echo \"{\\\"task\\\": $task, \\\"turn\\\": $turn}\"; done";
    try (MeasuringProcess process = start(program)) {
      assertThat(process.measure(Answer.class, LONG)).isEqualTo(new Answer(7, 1));
      assertThat(process.measure(Answer.class, LONG)).isEqualTo(new Answer(7, 2));
    }
  }

  @Test
  void aProcessThatExitsIsReportedWithItsCodeAndError() throws IOException {
    String trace =
        "printf 'Traceback\\n  in a file\\na.RuntimeError: no GPU\\n\\nSet A to know more.\\n' >&2; exit 3";
    try (MeasuringProcess process = start(trace)) {
      assertThatIOException()
          .isThrownBy(() -> process.measure(Answer.class, LONG))
          .withMessage("It exited with code 3: a.RuntimeError: no GPU");
    }
  }

  @Test
  void aProcessThatHangsIsKilled() throws IOException {
    try (MeasuringProcess process = start("sleep 1000; true")) {
      assertThatIOException()
          .isThrownBy(() -> process.measure(Answer.class, Duration.ZERO))
          .withMessage("It took longer than 0 s");
    }
  }

  private static MeasuringProcess start(String program) throws IOException {
    return MeasuringProcess.start(List.of("bash", "-c", program), Map.of(), 7);
  }
}
