package io.refinery.console.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PropertiesFileTest {

  @TempDir Path folder;

  private Path file(String text, Charset charset) throws IOException {
    return Files.write(folder.resolve("r.properties"), text.getBytes(charset));
  }

  private static void assertRefused(Path file, String reason) {
    assertThatThrownBy(() -> Configuration.load(Map.of(), Optional.of(file), Map.of(), Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("The configuration file " + file + " " + reason + ".");
  }

  @Test
  void aFileIsUtf8WithOrWithoutAByteOrderMark() throws IOException {
    String text = "refinery.worker.group=Häuser\r\n";
    for (String written : new String[] {text, "\uFEFF" + text}) {
      assertThat(PropertiesFile.read(file(written, StandardCharsets.UTF_8)))
          .containsExactly(Map.entry("refinery.worker.group", "Häuser"));
    }
    assertThat(PropertiesFile.read(file("", StandardCharsets.UTF_8))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-16, it is UTF-16; save it as UTF-8",
    "UTF-16LE, it is UTF-16; save it as UTF-8",
    "UTF-16BE, it is UTF-16; save it as UTF-8",
    "ISO-8859-1, it is not UTF-8; save it as UTF-8"
  })
  void anotherEncodingIsRefused(String charset, String reason) throws IOException {
    assertRefused(
        file("refinery.worker.group=Häuser\n", Charset.forName(charset)),
        "cannot be read: " + reason);
  }

  @Test
  void aNameThatIsSetTwiceIsRefused() throws IOException {
    assertRefused(
        file("refinery.worker.group=a\nrefinery.worker.group=a\n", StandardCharsets.UTF_8),
        "sets refinery.worker.group twice: remove one of the lines");
  }

  @Test
  void aFileThatIsMissingOrAFolderIsNamed() {
    assertRefused(
        folder.resolve("missing.properties"), "cannot be read: it does not exist; check its path");
    assertRefused(folder, "cannot be read: it is a folder");
  }
}
