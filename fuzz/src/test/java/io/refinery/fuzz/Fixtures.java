package io.refinery.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files that the tests of bundles read. */
final class Fixtures {

  private static final int LARGEST = 64 << 10;

  private Fixtures() {}

  /** Returns the files of a folder whose names end so, of at most 64 KiB. */
  static List<byte[]> read(String folder, String ending) {
    return read(Path.of(System.getProperty("fuzz.fixtures"), folder), ending);
  }

  /** Returns input that once broke a target's promise. */
  static List<byte[]> regressions(String target) {
    Path root = Path.of("src", "test", "resources", "regressions", target);
    return Files.isDirectory(root) ? read(root, "") : List.of();
  }

  private static List<byte[]> read(Path root, String ending) {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> Files.isRegularFile(file) && file.toString().endsWith(ending))
          .sorted()
          .map(Fixtures::bytes)
          .filter(bytes -> bytes.length <= LARGEST)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Requires a code and a sentence for the sender. */
  static void requireSentence(BundleException e) {
    assertThat(e.fault()).isNotNull();
    assertThat(e).hasMessageMatching("(?s).{10,}");
  }
}
