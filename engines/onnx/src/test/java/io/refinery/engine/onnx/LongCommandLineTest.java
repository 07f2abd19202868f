package io.refinery.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.testkit.JavaProgram;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import org.junit.jupiter.api.Test;

class LongCommandLineTest {

  /** A class path of a hundred jars has about ten thousand characters. */
  @Test
  void theEngineStartsWithAVeryLongCommandLine() throws IOException, InterruptedException {
    Process child =
        JavaProgram.of(StartInChild.class, "128m", "/a/long/name.jar:".repeat(6_000))
            .redirectOutput(Redirect.DISCARD)
            .start();

    assertThat(child.waitFor()).isZero();
  }
}
