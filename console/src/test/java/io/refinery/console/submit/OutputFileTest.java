package io.refinery.console.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.refinery.bundle.BundleFormat;
import io.refinery.console.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFileTest {

  @TempDir Path folder;

  private OutputFile file(String name) {
    return new OutputFile(folder.resolve(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.h5", "a.hdf5", "a.zip", "A.H5", "b.ZIP"})
  void aFileInAFolderWithTheEndingOfAFormatIsUsable(String name) {
    assertThatCode(file(name)::requireWritable).doesNotThrowAnyException();
  }

  @Test
  void aNameWithoutAFolderIsInTheCurrentOne() {
    assertThatCode(new OutputFile(Path.of("a.h5"))::requireWritable).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none/a.h5", "a.png", "a", "zip", "folder.h5"})
  void anotherFileIsRefusedByName(String name) throws IOException {
    Files.createDirectory(folder.resolve("folder.h5"));

    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(file(name)::requireWritable)
        .withMessageStartingWith("--output: ")
        .withMessageContaining(folder.toString());
  }

  @Test
  void theEndingMustBeThatOfTheFormat() {
    assertThatCode(() -> file("a.hdf5").requireFormat(BundleFormat.HDF5, "the input has"))
        .doesNotThrowAnyException();
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> file("a.h5").requireFormat(BundleFormat.ZIP, "--format asks for"))
        .withMessageContainingAll("a.h5", "ZIP", "--format asks for");
    assertThat(file("a.hdf5").fits("s3://b/c.h5")).isTrue();
    assertThat(file("a.hdf5").fits("s3://b/c.zip")).isFalse();
  }
}
