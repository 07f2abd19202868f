package io.refinery.trainer.algorithm;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.HostMemory;
import io.refinery.engine.ImageMemory;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.Weights;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Records the algorithm's calls to an engine. Its refiner adds 1,000 to a pixel for every update so
 * far, so that an image shows which refiner made it from which image.
 */
final class RecordingPair implements AdversarialPair {

  /** One call with its pixels. */
  record Call(String name, List<Float> first, List<Float> second) {}

  private static final int MEMORY = 8;

  private final List<Call> calls = new ArrayList<>();
  private final ImageMemory memory = new HostMemory(MEMORY, new ImageShape(1, 1, 1));
  private int refinerUpdates;
  private double nextLoss = 1;
  private double rate = Double.NaN;
  private final List<Double> rates = new ArrayList<>();

  List<Call> calls() {
    return calls;
  }

  List<Call> calls(String name) {
    return calls.stream().filter(call -> call.name().equals(name)).toList();
  }

  List<Double> ratesOfRefinerUpdates() {
    return rates;
  }

  List<String> names() {
    return calls.stream().map(Call::name).toList();
  }

  static int refinerThatMade(float pixel) {
    return Math.round(pixel) / 1000;
  }

  @Override
  public DoubleSupplier pretrainRefiner(ImageBatch synthetic) {
    calls.add(new Call("pretrainRefiner", listOf(synthetic), List.of()));
    refinerUpdates++;
    return () -> nextLoss;
  }

  @Override
  public Supplier<RefinerLoss> updateRefiner(ImageBatch synthetic) {
    calls.add(new Call("updateRefiner", listOf(synthetic), List.of()));
    rates.add(rate);
    refinerUpdates++;
    RefinerLoss loss = new RefinerLoss(nextLoss++, 2, 0.5);
    return () -> loss;
  }

  @Override
  public Supplier<DiscriminatorLoss> updateDiscriminator(
      ImageBatch real, ImageBatch synthetic, int[] recalled, int[] remembered) {
    ImageBatch current = refine(synthetic);
    ImageBatch refined = ImageBatch.concat(List.of(current, memory.read(recalled)));
    calls.add(new Call("updateDiscriminator", listOf(real), listOf(refined)));
    memory.write(current.slice(0, remembered.length), remembered);
    DiscriminatorLoss loss = new DiscriminatorLoss(nextLoss, nextLoss, nextLoss);
    return () -> loss;
  }

  @Override
  public ImageMemory memory() {
    return memory;
  }

  @Override
  public void scaleLearningRates(double factor) {
    rate = factor;
  }

  @Override
  public ImageBatch refine(ImageBatch synthetic) {
    calls.add(new Call("refine", listOf(synthetic), List.of()));
    float[] pixels = synthetic.pixels().clone();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] += 1000 * refinerUpdates;
    }
    return new ImageBatch(synthetic.count(), synthetic.shape(), pixels);
  }

  @Override
  public float[] discriminate(ImageBatch images) {
    return new float[images.count()];
  }

  @Override
  public Weights refinerWeights() {
    return new Weights(Map.of());
  }

  @Override
  public Weights discriminatorWeights() {
    return new Weights(Map.of());
  }

  /** Algorithm 1 itself never loads or saves; the trainer does. */
  private static AssertionError notAskedFor() {
    return new AssertionError("Algorithm 1 must not use weights or state");
  }

  @Override
  public void setRefinerWeights(Weights weights) {
    throw notAskedFor();
  }

  @Override
  public void setDiscriminatorWeights(Weights weights) {
    throw notAskedFor();
  }

  @Override
  public void saveState(OutputStream out) {
    throw notAskedFor();
  }

  @Override
  public void loadState(InputStream in) {
    throw notAskedFor();
  }

  @Override
  public void close() {}

  private static List<Float> listOf(ImageBatch images) {
    List<Float> pixels = new ArrayList<>();
    for (float pixel : images.pixels()) {
      pixels.add(pixel);
    }
    return pixels;
  }
}
