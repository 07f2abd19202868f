package io.refinery.worker;

import io.refinery.message.ErrorCode;
import io.refinery.registry.ModelReference;
import io.refinery.storage.StorageException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The models that a worker loads before a job asks for them. Until each of them has a refiner, the
 * worker is not ready. A model without a version does not count: somebody has to publish one first,
 * and a new worker must not wait for that.
 */
final class WarmModels {

  /**
   * @param blocks whether the worker is not ready because of it
   * @param passing whether another try soon may help
   */
  private record Missing(String reason, boolean blocks, boolean passing) {}

  private final ServedModels models;
  private final Map<ModelReference, Missing> missing = new ConcurrentHashMap<>();

  /**
   * @param wanted the models to load
   */
  WarmModels(ServedModels models, Collection<ModelReference> wanted) {
    this.models = models;
    wanted.forEach(one -> missing.put(one, new Missing(one + " is not loaded yet.", true, true)));
  }

  /**
   * Tries to load what is missing.
   *
   * @param all whether to try models again that are refused or have no version, too
   * @throws io.refinery.engine.DeviceFailedException when the device is lost
   */
  void look(boolean all) {
    missing.forEach(
        (reference, last) -> {
          if (all || last.passing()) {
            load(reference);
          }
        });
  }

  private void load(ModelReference reference) {
    try {
      models.lease(reference).close();
      missing.remove(reference);
    } catch (JobFailure e) {
      missing.put(
          reference, new Missing(e.getMessage(), e.code() != ErrorCode.NO_SUCH_MODEL, false));
    } catch (StorageException | UncheckedIOException e) {
      missing.put(
          reference, new Missing(reference + " cannot be loaded: " + e.getMessage(), true, true));
    }
  }

  /** Returns why the worker is not ready, in sentences; empty if it is. */
  List<String> obstacles() {
    return reasons(Missing::blocks);
  }

  /** Returns what is missing although the worker is ready, in sentences. */
  List<String> remarks() {
    return reasons(one -> !one.blocks());
  }

  private List<String> reasons(Predicate<Missing> which) {
    return missing.values().stream().filter(which).map(Missing::reason).sorted().toList();
  }
}
