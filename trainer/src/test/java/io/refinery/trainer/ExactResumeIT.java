package io.refinery.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.registry.LocalModel;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import io.refinery.trainer.Squares.Look;
import io.refinery.trainer.report.LossLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@StackTest
class ExactResumeIT {

  @TempDir private Path folder;

  private final Stack stack;
  private final ObjectStorage storage;

  ExactResumeIT(Stack stack) {
    this.stack = stack;
    storage = stack.storage();
  }

  @BeforeEach
  void storeBundles() throws IOException {
    for (int part = 0; part < 3; part++) {
      upload("dark/" + part + ".h5", Squares.bundle(folder, Look.DARK, 25, part));
    }
    upload("bright.h5", Squares.bundle(folder, Look.BRIGHT, 60, 9));
  }

  private void upload(String key, Path file) {
    storage.upload(new ObjectRef(stack.bucket(), key), file);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void aKilledAndResumedTrainingEndsWithBitIdenticalWeights() throws Exception {
    try (ChildTraining whole = child("whole", "a", ChildTraining.FOREVER)) {
      assertThat(whole.awaitEvent("Published")).isTrue();
    }
    try (ChildTraining killed = child("parts", "b", ChildTraining.CHECKPOINT + 5)) {
      assertThat(killed.awaitEvent("Waiting")).isTrue();
      killed.kill();
    }
    try (ChildTraining resumed = child("parts", "c", ChildTraining.FOREVER)) {
      assertThat(resumed.awaitEvent("Resumed[completed=20, of=40]")).isTrue();
      assertThat(resumed.awaitEvent("Published")).isTrue();
    }
    LocalModel whole = version(1);
    LocalModel parts = version(2);
    for (String file :
        List.of(Manifest.REFINER_WEIGHTS, Manifest.DISCRIMINATOR_WEIGHTS, LossLog.FILE)) {
      assertThat(parts.file(file)).hasSameBinaryContentAs(whole.file(file));
    }
    assertThat(parts.manifest().files()).containsKeys("preview-0000010.png", "preview-0000030.png");
  }

  private ChildTraining child(String id, String work, long waitAfter) throws IOException {
    return new ChildTraining(stack, id, folder.resolve(work), waitAfter);
  }

  private LocalModel version(int number) {
    ModelRegistry registry = new ModelRegistry(storage, stack.bucket(), "models");
    return registry.fetch(
        registry.resolve(
            new ModelReference.ToVersion(new ModelVersion(ChildTraining.MODEL, number))),
        folder.resolve("fetched"));
  }
}
