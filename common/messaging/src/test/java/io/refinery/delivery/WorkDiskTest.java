package io.refinery.delivery;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkDiskTest {

  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"1000000, 63, true", "1000000, 64, false", "100, 9, true", "100, 10, false"})
  void aDiskIsFullBelow64MebibytesOrATenthOfASmallerOne(long total, long usable, boolean full) {
    WorkDisk disk = new WorkDisk(folder, () -> new WorkDisk.Room(total * MEBIBYTE, usable << 20));
    if (full) {
      assertThatThrownBy(disk::requireRoom)
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("The disk of " + folder + " is full", "make room there");
    } else {
      assertThatCode(disk::requireRoom).doesNotThrowAnyException();
    }
  }

  @Test
  void aDiskThatSaysNothingOfItsSizeIsNotFull() {
    assertThatCode(new WorkDisk(folder, () -> new WorkDisk.Room(0, 0))::requireRoom)
        .doesNotThrowAnyException();
  }

  @Test
  void aFolderThatDoesNotExistYetIsOnTheDiskOfItsParent() {
    assertThatCode(WorkDisk.of(folder.resolve("not/there"))::requireRoom)
        .doesNotThrowAnyException();
  }
}
