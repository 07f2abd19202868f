package io.refinery.worker;

import io.refinery.engine.Availability;
import io.refinery.engine.Device;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** An engine whose refiners do what a test says, and that knows which are open. */
final class FakeEngine implements RefiningEngine {

  private final Map<String, UnaryOperator<ImageBatch>> refining = new ConcurrentHashMap<>();
  private final List<String> built = new CopyOnWriteArrayList<>();
  private final List<String> open = new CopyOnWriteArrayList<>();

  /** From now on a version's refiners do this; by default they return what they get. */
  void let(String version, UnaryOperator<ImageBatch> refine) {
    refining.put(version, refine);
  }

  /** From now on a version's refiners fail. */
  void fail(String version, RuntimeException failure) {
    let(
        version,
        images -> {
          throw failure;
        });
  }

  /** From now on a version's refiners fail. */
  void fail(String version, Error failure) {
    let(
        version,
        images -> {
          throw failure;
        });
  }

  /** The versions of all refiners that were built, in order. */
  List<String> built() {
    return List.copyOf(built);
  }

  /** The versions of the refiners that are open, in the order in which they were built. */
  List<String> open() {
    return List.copyOf(open);
  }

  /** Takes the refiners that are open for closed. */
  void forget() {
    open.clear();
  }

  EngineSelection<RefiningEngine> selection() {
    return new EngineSelection<>(this, Device.cpu(), Precision.FULL, name());
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public int speed(Device device) {
    return 0;
  }

  @Override
  public Map<String, String> natives() {
    return Map.of();
  }

  @Override
  public Availability availability(Device device) {
    return new Availability.Available(name());
  }

  @Override
  public RefinerFile file(Precision precision) {
    return RefinerFile.ONNX;
  }

  @Override
  public Refiner refiner(RefinerFiles model, Device device, Precision precision) {
    String version = model.version();
    built.add(version);
    open.add(version);
    return new Refiner() {
      @Override
      public ImageBatch refine(ImageBatch synthetic) {
        return refining.getOrDefault(version, UnaryOperator.identity()).apply(synthetic);
      }

      @Override
      public void close() {
        open.remove(version);
      }
    };
  }
}
