package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.engine.Device;
import io.refinery.testkit.JavaProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceLockTest {

  private static final Device GPU = new Device.Cuda(3);

  @TempDir Path folder;

  /** Holds the GPU until its standard input ends. */
  public static final class Holder {

    private Holder() {}

    public static void main(String[] args) throws IOException {
      DeviceLock held = DeviceLock.take(GPU, Path.of(args[0])).orElseThrow();
      System.out.println("held");
      System.in.read();
      held.close();
    }
  }

  @Test
  void aGpuInUseByAnotherProcessIsRefusedUntilThatProcessEnds() throws Exception {
    Process holder = JavaProgram.of(Holder.class, "64m", folder.toString()).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("held");
      assertThatThrownBy(() -> DeviceLock.take(GPU, folder))
          .isInstanceOf(DeviceTakenException.class)
          .hasMessageStartingWith(
              "cuda:3 is in use by the worker with process ID %d; run one worker per GPU"
                  .formatted(holder.pid()));
    } finally {
      holder.destroyForcibly().waitFor();
    }
    DeviceLock.take(GPU, folder).orElseThrow().close();
  }

  @Test
  void aGpuInUseByThisProcessIsRefusedUntilItIsReleased() throws IOException {
    try (DeviceLock first = DeviceLock.take(GPU, folder).orElseThrow()) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> DeviceLock.take(GPU, folder))
          .isInstanceOf(DeviceTakenException.class)
          .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
      try (DeviceLock another = DeviceLock.take(new Device.Cuda(4), folder).orElseThrow()) {
        assertThat(another).isNotNull();
      }
    }
    DeviceLock.take(GPU, folder).orElseThrow().close();
  }

  @Test
  void anyNumberOfWorkersMayShareACpu() {
    assertThat(DeviceLock.take(Device.cpu(), folder)).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }
}
