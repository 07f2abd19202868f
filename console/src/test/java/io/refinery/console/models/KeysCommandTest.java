package io.refinery.console.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.refinery.console.config.Configuration;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.ModelKeysFactory;
import io.refinery.registry.ModelKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KeysCommandTest {

  @TempDir private Path folder;

  @Test
  void theKeysThatItMakesAreThoseThatTheSettingsTake() throws IOException {
    String said = run("signing");
    Path privateKey = folder.resolve("signing.key");
    Path publicKey = folder.resolve("signing.pub");

    ModelKeys fromFiles =
        keys(
            Map.of(
                "refinery.models.signing-key-file", privateKey.toString(),
                "refinery.models.trusted-keys", publicKey.toString()));
    String id = fromFiles.signer().orElseThrow().id();
    assertThat(fromFiles.trusted().ids()).containsExactly(id);
    assertThat(said).contains(id, privateKey.toString(), publicKey.toString());

    ModelKeys fromEnvironment =
        ModelKeysFactory.of(
            Configuration.load(
                    Map.of(),
                    Optional.empty(),
                    Map.of("REFINERY_MODELS_SIGNING_KEY", Files.readString(privateKey)),
                    Map.of())
                .settings()
                .models());
    assertThat(fromEnvironment.signer().orElseThrow().id()).isEqualTo(id);
    assertThat(keys(Map.of()).signer()).isEmpty();
    assertThat(keys(Map.of()).trusted().isEmpty()).isTrue();
  }

  @Test
  void severalFilesAreTrusted() {
    run("one");
    run("two");
    String both = folder.resolve("one.pub") + "," + folder.resolve("two.pub");
    assertThat(keys(Map.of("refinery.models.trusted-keys", both)).trusted().ids()).hasSize(2);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no owner-only mode")
  void thePrivateKeyIsReadableOnlyByItsOwner() throws IOException {
    run("signing");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("signing.key"))))
        .isEqualTo("rw-------");
  }

  @Test
  void noKeyIsReplaced() throws IOException {
    for (String ending : List.of(".key", ".pub")) {
      Path old = Files.writeString(folder.resolve("old" + ending), "old");
      assertThatExceptionOfType(ConfigurationException.class)
          .isThrownBy(() -> run("old"))
          .withMessageContaining(old.toString());
      assertThat(old).hasContent("old");
      Files.delete(old);
    }
  }

  @Test
  void aKeyThatCannotBeUsedIsNamedByItsSettingAndNotQuoted() throws IOException {
    Path file = Files.writeString(folder.resolve("broken.key"), "hush-hush");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> keys(Map.of("refinery.models.signing-key-file", file.toString())))
        .withMessageContainingAll("refinery.models.signing-key-file", "broken.key")
        .withMessageNotContaining("hush-hush");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> keys(Map.of("refinery.models.signing-key", "hush-hush")))
        .withMessageContaining("refinery.models.signing-key")
        .withMessageNotContaining("hush-hush");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(
            () ->
                keys(
                    Map.of(
                        "refinery.models.signing-key",
                        "hush-hush",
                        "refinery.models.signing-key-file",
                        file.toString())))
        .withMessageContaining("both");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> keys(Map.of("refinery.models.trusted-keys", file.toString())))
        .withMessageContainingAll("refinery.models.trusted-keys", "broken.key");
  }

  private static ModelKeys keys(Map<String, String> settings) {
    return ModelKeysFactory.of(
        Configuration.load(Map.of(), Optional.empty(), Map.of(), settings).settings().models());
  }

  private String run(String name) {
    StringWriter out = new StringWriter();
    CommandLine command = new CommandLine(new KeysCommand()).setOut(new PrintWriter(out));
    KeysCommand keys = command.getCommand();
    command.parseArgs(folder.resolve(name).toString());
    keys.run();
    return out.toString();
  }
}
