package io.refinery.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallDiskTest {

  @TempDir Path folder;

  @Test
  void aFullDiskTakesNothingUntilItIsFreed() throws Exception {
    Optional<SmallDisk> mounted = SmallDisk.mount(folder.resolve("small"), 1);
    assumeThat(mounted).as("This process cannot mount a disk").isPresent();
    Path file = folder.resolve("small/file");
    try (SmallDisk disk = mounted.get()) {
      disk.fill();
      assertThatThrownBy(() -> Files.write(file, new byte[1]))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left on device");

      disk.free();
      assertThatCode(() -> Files.write(file, new byte[1 << 19])).doesNotThrowAnyException();
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void aDiskThatAKilledRunHasLeftIsSwept() throws Exception {
    assumeThat(SmallDisk.mount(folder.resolve("small"), 1))
        .as("This process cannot mount a disk")
        .isPresent();
    Files.write(folder.resolve("small/file"), new byte[1]);

    SmallDisk.sweep(folder);

    assertThat(folder.resolve("small")).isEmptyDirectory();
  }
}
