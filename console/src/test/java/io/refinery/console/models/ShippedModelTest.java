package io.refinery.console.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.EngineOptions;
import io.refinery.image.ImageBatch;
import io.refinery.json.Json;
import io.refinery.network.OnnxRefiner;
import io.refinery.network.Safetensors;
import io.refinery.network.Weights;
import io.refinery.registry.Manifest;
import io.refinery.simulator.EyeSimulator;
import io.refinery.simulator.Look;
import io.refinery.simulator.SimulatorOptions;
import io.refinery.storage.Sha256;
import io.refinery.trainer.HalfPrecision;
import io.refinery.trainer.plan.Preset;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippedModelTest {

  @TempDir Path folder;

  private Path resource(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = ShippedModel.class.getResourceAsStream("/models/eyes/" + name)) {
      Files.copy(in, file);
    }
    return file;
  }

  private Manifest manifest() throws IOException {
    return Json.mapper().readValue(resource(ModelFolder.MANIFEST).toFile(), Manifest.class);
  }

  @Test
  void itsFilesMatchItsManifest() throws IOException {
    Manifest manifest = manifest();
    Weights weights =
        Safetensors.read(resource(Manifest.REFINER_WEIGHTS))
            .requireShapes(manifest.refiner().parameters());
    OnnxRefiner.write(manifest.refiner(), weights, folder.resolve(Manifest.REFINER_ONNX));
    resource(Manifest.DISCRIMINATOR_WEIGHTS);
    resource(Manifest.PREVIEW);
    resource(Manifest.LOSS_CURVES);

    Map<String, String> actual = new TreeMap<>();
    Map<String, String> named = new TreeMap<>();
    for (Map.Entry<String, Manifest.FileEntry> file : manifest.files().entrySet()) {
      named.put(file.getKey(), file.getValue().sha256());
      actual.put(file.getKey(), Sha256.of(folder.resolve(file.getKey())));
    }
    assertThat(named).hasSize(5);
    assertThat(actual).isEqualTo(named);
  }

  @Test
  void itRefinesEyesEquallyWellInHalfPrecision() throws IOException {
    Weights weights = Safetensors.read(resource(Manifest.REFINER_WEIGHTS));
    ImageBatch eyes = EyeSimulator.render(new SimulatorOptions(32, Look.SYNTHETIC, 9), 0, 32);
    HalfPrecision result =
        HalfPrecision.evaluate(manifest().refiner(), weights, eyes, folder, EngineOptions.DEFAULTS);
    assertThat(result.good()).as(result.sentence()).isTrue();
  }

  @Test
  void itWasTrainedWithThePresetForSimulatedEyes() throws IOException {
    assertThat(Json.mapper().treeToValue(manifest().training(), TrainingPlan.class))
        .isEqualTo(Preset.EYES_SIMULATED.plan());
  }
}
