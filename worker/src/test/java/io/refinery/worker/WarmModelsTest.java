package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.EngineException;
import io.refinery.registry.ModelReference;
import io.refinery.storage.StorageException;
import io.refinery.testkit.SwitchedStorage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmModelsTest {

  private static final ModelReference EYES = ModelReference.parse("eyes@stable");

  @TempDir private Path folder;
  private MemoryModels store;

  @BeforeEach
  void open() {
    store = new MemoryModels(folder);
  }

  @Test
  void aModelIsMissingUntilItHasARefiner() throws Exception {
    store.publishStable("eyes");
    try (ServedModels models = store.served(store.storage, 3)) {
      WarmModels warm = new WarmModels(models, List.of(EYES));
      assertThat(warm.obstacles()).containsExactly("eyes@stable is not loaded yet.");
      warm.look(false);
      assertThat(warm.obstacles()).isEmpty();
      assertThat(warm.remarks()).isEmpty();
      assertThat(models.serving()).containsEntry("eyes@stable", "eyes@1");
    }
  }

  @Test
  void aModelWithoutAVersionBlocksNothingAndIsLoadedOnceItHasOne() throws Exception {
    try (ServedModels models = store.served(store.storage, 3)) {
      WarmModels warm = new WarmModels(models, List.of(EYES));
      warm.look(false);
      assertThat(warm.obstacles()).isEmpty();
      assertThat(warm.remarks()).singleElement().asString().contains("eyes");
      store.publishStable("eyes");
      warm.look(false);
      assertThat(models.serving()).isEmpty();
      warm.look(true);
      assertThat(warm.remarks()).isEmpty();
      assertThat(models.serving()).containsEntry("eyes@stable", "eyes@1");
    }
  }

  @Test
  void aVersionThatIsRefusedBlocksUntilItIsTriedAgain() throws Exception {
    store.publishStable("eyes");
    store.engine.fail("eyes@1", new EngineException("no memory"));
    try (ServedModels models = store.served(store.storage, 3)) {
      WarmModels warm = new WarmModels(models, List.of(EYES));
      warm.look(false);
      assertThat(warm.obstacles()).containsExactly("eyes@1 cannot be used: no memory");
      store.engine.let("eyes@1", images -> images);
      models.forgetRefusals();
      warm.look(false);
      assertThat(warm.obstacles()).hasSize(1);
      warm.look(true);
      assertThat(warm.obstacles()).isEmpty();
    }
  }

  @Test
  void aStoreThatIsAwayIsAskedAgainAtOnce() throws Exception {
    store.publishStable("eyes");
    SwitchedStorage storage = new SwitchedStorage(store.storage);
    storage.off(StorageException.Kind.UNAVAILABLE);
    try (ServedModels models = store.served(storage.storage(), 3)) {
      WarmModels warm = new WarmModels(models, List.of(EYES));
      warm.look(false);
      assertThat(warm.obstacles())
          .singleElement()
          .asString()
          .startsWith("eyes@stable cannot be loaded: ");
      storage.on();
      warm.look(false);
      assertThat(warm.obstacles()).isEmpty();
    }
  }
}
