package io.refinery.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {

  /** FIPS 180-2, appendix B.1. */
  private static final String OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void theExampleOfTheStandardMatches() {
    assertThat(Sha256.of("abc".getBytes(StandardCharsets.UTF_8))).isEqualTo(OF_ABC);
  }

  @Test
  void aFileLargerThanTheBufferHasTheHashOfItsBytes(@TempDir Path folder) throws IOException {
    byte[] bytes = new byte[200_001];
    bytes[200_000] = 1;
    Path file = Files.write(folder.resolve("large"), bytes);

    assertThat(Sha256.of(file)).isEqualTo(Sha256.of(bytes));
  }
}
