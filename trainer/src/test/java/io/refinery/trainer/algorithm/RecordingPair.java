package io.refinery.trainer.algorithm;

import io.refinery.engine.AdversarialPair;
import io.refinery.image.ImageBatch;
import io.refinery.network.Weights;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes down what the algorithm asks of an engine. Its refiner adds 1,000 to a pixel for every
 * update that it has had, so that an image tells which refiner made it from which image.
 */
final class RecordingPair implements AdversarialPair {

  /** One call with the pixels it was given. */
  record Call(String name, List<Float> first, List<Float> second) {}

  private final List<Call> calls = new ArrayList<>();
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
  public double pretrainRefiner(ImageBatch synthetic) {
    calls.add(new Call("pretrainRefiner", listOf(synthetic), List.of()));
    refinerUpdates++;
    return nextLoss;
  }

  @Override
  public RefinerLoss updateRefiner(ImageBatch synthetic) {
    calls.add(new Call("updateRefiner", listOf(synthetic), List.of()));
    rates.add(rate);
    refinerUpdates++;
    return new RefinerLoss(nextLoss++, 2, 0.5);
  }

  @Override
  public DiscriminatorLoss updateDiscriminator(ImageBatch real, ImageBatch refined) {
    calls.add(new Call("updateDiscriminator", listOf(real), listOf(refined)));
    return new DiscriminatorLoss(nextLoss, nextLoss, nextLoss);
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

  /** Algorithm 1 itself never loads or saves: that is the trainer's. */
  private static AssertionError notAskedFor() {
    return new AssertionError("Algorithm 1 asked for weights or state");
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
