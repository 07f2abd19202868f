package io.refinery.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LongCommandLineTest {

  /** A class path of a hundred jars has about ten thousand characters. */
  @Test
  void theEngineStartsWhateverTheLengthOfTheCommandLine() throws IOException, InterruptedException {
    String jvm = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process child =
        new ProcessBuilder(
                jvm,
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                StartInChild.class.getName(),
                "/a/long/name.jar:".repeat(6_000))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.INHERIT)
            .start();

    assertThat(child.waitFor()).isZero();
  }
}
