package io.refinery.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.json.Json;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestJsonTest {

  private static final ModelVersion VERSION = new ModelVersion("eyes", 7);

  private static final Manifest MANIFEST =
      new Manifest(
          Manifest.SCHEMA,
          "eyes",
          7,
          Instant.parse("2026-01-02T03:04:05Z"),
          RefinerNetwork.eyes(),
          DiscriminatorNetwork.eyes(),
          new ImageShape(1, 35, 55),
          Preprocessing.HISTOGRAM_EQUALISATION,
          Json.mapper().createObjectNode().put("steps", 10_000),
          Map.of("refiner.loss", 0.25),
          "dl4j 1.0.0-M2.1",
          Optional.of(6),
          Optional.of("training-9"),
          Map.of("refiner.onnx", new Manifest.FileEntry("ab".repeat(32), 12)));

  private static byte[] changed(Consumer<ObjectNode> change) throws IOException {
    ObjectNode tree = (ObjectNode) Json.mapper().readTree(ManifestJson.write(MANIFEST));
    change.accept(tree);
    return Json.write(tree);
  }

  @Test
  void aManifestComesBackAsItWasWritten() {
    assertThat(ManifestJson.read(VERSION, ManifestJson.write(MANIFEST))).isEqualTo(MANIFEST);
  }

  @Test
  void aFieldOfALaterReleaseIsIgnored() throws IOException {
    byte[] json = changed(tree -> tree.put("colour", "green"));

    assertThat(ManifestJson.read(VERSION, json)).isEqualTo(MANIFEST);
  }

  @Test
  void anOlderManifestPreparesNothing() throws IOException {
    byte[] json = changed(tree -> tree.remove("preprocessing"));

    assertThat(ManifestJson.read(VERSION, json).preprocessing()).isEqualTo(Preprocessing.NONE);
  }

  @Test
  void aSchemaThatIsNotKnownIsRefused() throws IOException {
    byte[] json = changed(tree -> tree.put("schema", "refinery.model/2"));

    assertThatExceptionOfType(CorruptModelException.class)
        .isThrownBy(() -> ManifestJson.read(VERSION, json))
        .withMessageContainingAll("eyes@7", "refinery.model/2", Manifest.SCHEMA);
  }

  @Test
  void anotherVersionsManifestIsRefused() throws IOException {
    byte[] json = changed(tree -> tree.put("version", 8));

    assertThatExceptionOfType(CorruptModelException.class)
        .isThrownBy(() -> ManifestJson.read(VERSION, json))
        .withMessageContaining("eyes@8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc/passwd", "a/b", "..", "", "manifest.json", "C:\\x"})
  void aFileNameThatLeadsOutOfTheFolderIsRefused(String name) throws IOException {
    byte[] json =
        changed(
            tree ->
                ((ObjectNode) tree.get("files"))
                    .set(name, Json.mapper().valueToTree(MANIFEST.files().get("refiner.onnx"))));

    assertThatExceptionOfType(CorruptModelException.class)
        .isThrownBy(() -> ManifestJson.read(VERSION, json))
        .withMessageContaining("'" + name + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "created", "refiner", "training", "files", "engine", "metrics"})
  void aManifestThatLacksAFieldIsRefused(String field) throws IOException {
    byte[] json = changed(tree -> tree.remove(field));

    assertThatExceptionOfType(CorruptModelException.class)
        .isThrownBy(() -> ManifestJson.read(VERSION, json))
        .withMessageContaining("eyes@7");
  }

  @Test
  void whatIsNoJsonIsRefused() {
    assertThatExceptionOfType(CorruptModelException.class)
        .isThrownBy(() -> ManifestJson.read(VERSION, new byte[] {1, 2, 3}))
        .withMessageContaining("eyes@7");
  }

  @Test
  void aManifestThatSaysTwoThingsIsRefused() {
    String json = new String(ManifestJson.write(MANIFEST), StandardCharsets.UTF_8);

    for (String text :
        List.of(json + json, json.replace("\"steps\"", "\"steps\" : 5, \"steps\""))) {
      assertThatExceptionOfType(CorruptModelException.class)
          .isThrownBy(() -> ManifestJson.read(VERSION, text.getBytes(StandardCharsets.UTF_8)))
          .withMessageContaining("eyes@7");
    }
  }
}
