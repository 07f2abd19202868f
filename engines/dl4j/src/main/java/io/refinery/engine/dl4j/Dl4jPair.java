package io.refinery.engine.dl4j;

import static io.refinery.engine.dl4j.NetworkLayers.DISCRIMINATOR;
import static io.refinery.engine.dl4j.NetworkLayers.IMAGES;
import static io.refinery.engine.dl4j.NetworkLayers.PATCHES;
import static io.refinery.engine.dl4j.NetworkLayers.REFINED;
import static io.refinery.engine.dl4j.NetworkLayers.REFINER;
import static io.refinery.engine.dl4j.NetworkLayers.SELF_REGULARISATION;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.HostMemory;
import io.refinery.engine.ImageMemory;
import io.refinery.engine.PairSpec;
import io.refinery.engine.PairState;
import io.refinery.image.ImageBatch;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.DiscriminatorNetwork.PatchMap;
import io.refinery.network.InitialWeights;
import io.refinery.network.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A pair that computes with Deeplearning4j, as three graphs on one row of parameters, R's first,
 * then D's: R followed by D with R's whole loss, R with its weighted self-regularisation, and D
 * with its own loss. A step takes the gradient of one graph and updates one network's range of the
 * row. The other network cannot change, and parameters are never copied between graphs.
 */
final class Dl4jPair implements AdversarialPair {

  private final PairSpec spec;
  private final DataType type;
  private final Dl4jLossTerms terms;
  private final String logits;
  private final ImageMemory memory;

  private final INDArray parameters;
  private final TrainingGraph combined;
  private final TrainingGraph refiner;
  private final TrainingGraph discriminator;
  private final Dl4jParameterUpdate refinerUpdate;
  private final Dl4jParameterUpdate discriminatorUpdate;
  private final PairState state;
  private final Dl4jNetworkParameters refinerParameters;
  private final Dl4jNetworkParameters discriminatorParameters;
  private final INDArray realLabels;
  private final INDArray discriminatorLabels;

  Dl4jPair(PairSpec spec) {
    this(spec, DataType.FLOAT);
  }

  /**
   * @param type {@code DOUBLE} for comparing gradients with finite differences
   */
  Dl4jPair(PairSpec spec, DataType type) {
    this.spec = spec;
    this.type = type;
    terms = Dl4jLossTerms.of(spec);
    logits = NetworkLayers.logitsLayer(spec);
    memory = new HostMemory(spec.memory(), spec.shape());
    Random random = new Random(spec.seed());
    Weights first = InitialWeights.draw(spec.refiner().parameters(), random);
    Weights second = InitialWeights.draw(spec.discriminator().parameters(), random);

    parameters = Nd4j.zeros(type, 1, first.count() + second.count());
    INDArray ofRefiner = range(parameters, 0, first.count());
    INDArray ofDiscriminator = range(parameters, first.count(), second.count());
    combined = combinedGraph();
    refiner = refinerGraph(ofRefiner);
    discriminator = discriminatorGraph(ofDiscriminator);
    refinerUpdate =
        new Dl4jParameterUpdate(spec.refinerOptimizer(), spec.gradientClip(), ofRefiner);
    discriminatorUpdate =
        new Dl4jParameterUpdate(
            spec.discriminatorOptimizer(), spec.gradientClip(), ofDiscriminator);
    state = new PairState(Nd4jRuntime.NAME, spec, refinerUpdate, discriminatorUpdate);

    refinerParameters =
        new Dl4jNetworkParameters(refiner.graph(), REFINER, spec.refiner().parameters());
    discriminatorParameters =
        new Dl4jNetworkParameters(
            discriminator.graph(), DISCRIMINATOR, spec.discriminator().parameters());
    refinerParameters.write(first);
    discriminatorParameters.write(second);

    PatchMap patches = Dl4jLossTerms.patches(spec);
    realLabels = PatchClass.REAL.labels(spec.batch(), patches, 0, type);
    discriminatorLabels = discriminatorLabels(patches);
  }

  private INDArray discriminatorLabels(PatchMap patches) {
    double smoothing = spec.losses().labelSmoothing();
    try (INDArray real = PatchClass.REAL.labels(spec.batch(), patches, smoothing, type);
        INDArray refined = PatchClass.REFINED.labels(spec.batch(), patches, 0, type)) {
      return Nd4j.concat(0, real, refined);
    }
  }

  private static INDArray range(INDArray row, int from, int count) {
    return row.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + count));
  }

  private TrainingGraph combinedGraph() {
    GraphBuilder graph = NetworkLayers.graph(spec.shape(), type);
    NetworkLayers.addRefiner(graph, spec.refiner());
    NetworkLayers.addDiscriminatorLoss(graph, spec, REFINED, terms.adversarial(), type);
    addSelfRegularisation(graph);
    graph.setOutputs(PATCHES, SELF_REGULARISATION);
    return new TrainingGraph(graph, parameters, REFINED, logits);
  }

  private TrainingGraph refinerGraph(INDArray ofRefiner) {
    GraphBuilder graph = NetworkLayers.graph(spec.shape(), type);
    NetworkLayers.addRefiner(graph, spec.refiner());
    addSelfRegularisation(graph);
    graph.setOutputs(SELF_REGULARISATION);
    return new TrainingGraph(graph, ofRefiner, REFINED);
  }

  private void addSelfRegularisation(GraphBuilder graph) {
    double weight = spec.losses().lambda() * terms.selfRegularisation();
    NetworkLayers.addSelfRegularisation(graph, spec.shape(), weight, type);
  }

  private TrainingGraph discriminatorGraph(INDArray ofDiscriminator) {
    GraphBuilder graph = NetworkLayers.graph(spec.shape(), type);
    NetworkLayers.addDiscriminatorLoss(graph, spec, IMAGES, terms.discriminator(), type);
    graph.setOutputs(PATCHES);
    return new TrainingGraph(graph, ofDiscriminator, logits);
  }

  @Override
  public DoubleSupplier pretrainRefiner(ImageBatch synthetic) {
    double loss = selfRegularisationGradient(synthetic);
    refinerUpdate.apply(selfRegularisationGradient());
    return () -> loss;
  }

  /** Computes the term and leaves its gradient in {@link #selfRegularisationGradient()}. */
  double selfRegularisationGradient(ImageBatch synthetic) {
    spec.requireBatch(synthetic);
    try (INDArray images = Nd4jArrays.of(synthetic, type)) {
      Map<String, double[]> outputs = refiner.backpropagate(images, images);
      return terms.selfRegularisation(outputs.get(REFINED), synthetic);
    }
  }

  INDArray selfRegularisationGradient() {
    return refiner.gradient();
  }

  @Override
  public Supplier<RefinerLoss> updateRefiner(ImageBatch synthetic) {
    RefinerLoss loss = refinerGradient(synthetic);
    refinerUpdate.apply(refinerGradient());
    return () -> loss;
  }

  /** Computes R's whole loss and leaves its gradient in {@link #refinerGradient()}. */
  RefinerLoss refinerGradient(ImageBatch synthetic) {
    spec.requireBatch(synthetic);
    try (INDArray images = Nd4jArrays.of(synthetic, type)) {
      Map<String, double[]> outputs = combined.backpropagate(images, realLabels, images);
      return new RefinerLoss(
          terms.adversarial(outputs.get(logits), spec.batch()),
          terms.selfRegularisation(outputs.get(REFINED), synthetic),
          spec.losses().lambda());
    }
  }

  INDArray refinerGradient() {
    return range(combined.gradient(), 0, (int) refiner.gradient().length());
  }

  @Override
  public Supplier<DiscriminatorLoss> updateDiscriminator(
      ImageBatch real, ImageBatch synthetic, int[] recalled, int[] remembered) {
    ImageBatch current = refine(synthetic);
    ImageBatch refined =
        recalled.length == 0 ? current : ImageBatch.concat(List.of(current, memory.read(recalled)));
    DiscriminatorLoss loss = updateDiscriminator(real, refined);
    memory.write(current.slice(0, remembered.length), remembered);
    return () -> loss;
  }

  /** Runs one update of D on these images. */
  DiscriminatorLoss updateDiscriminator(ImageBatch real, ImageBatch refined) {
    DiscriminatorLoss loss = discriminatorGradient(real, refined);
    discriminatorUpdate.apply(discriminator.gradient());
    return loss;
  }

  /** Computes D's loss and leaves its gradient in {@link #discriminatorGradient()}. */
  DiscriminatorLoss discriminatorGradient(ImageBatch real, ImageBatch refined) {
    spec.requireBatch(real);
    spec.requireBatch(refined);
    try (INDArray images = Nd4jArrays.of(ImageBatch.concat(List.of(real, refined)), type)) {
      Map<String, double[]> outputs = discriminator.backpropagate(images, discriminatorLabels);
      return terms.discriminator(outputs.get(logits), spec.batch());
    }
  }

  INDArray discriminatorGradient() {
    return discriminator.gradient();
  }

  @Override
  public ImageMemory memory() {
    return memory;
  }

  @Override
  public void scaleLearningRates(double factor) {
    refinerUpdate.scaleLearningRate(factor);
    discriminatorUpdate.scaleLearningRate(factor);
  }

  @Override
  public ImageBatch refine(ImageBatch synthetic) {
    return new ImageBatch(
        synthetic.count(),
        synthetic.shape(),
        inMicroBatches(synthetic, refiner, spec.shape().values()));
  }

  @Override
  public float[] discriminate(ImageBatch images) {
    int patches = Math.toIntExact(realLabels.size(2) * realLabels.size(3));
    float[] classes = inMicroBatches(images, discriminator, DiscriminatorNetwork.CLASSES * patches);
    float[] probabilities = new float[images.count() * patches];
    for (int image = 0; image < images.count(); image++) {
      System.arraycopy(
          classes,
          (DiscriminatorNetwork.CLASSES * image + PatchClass.REFINED.index()) * patches,
          probabilities,
          image * patches,
          patches);
    }
    return probabilities;
  }

  /**
   * Runs at most as many images at once as a training update, so that memory does not grow with
   * their number.
   */
  private float[] inMicroBatches(ImageBatch images, TrainingGraph graph, int valuesPerImage) {
    spec.requireShape(images);
    float[] values = new float[Math.multiplyExact(images.count(), valuesPerImage)];
    int max = 2 * spec.batch();
    for (int from = 0; from < images.count(); from += max) {
      ImageBatch microBatch = images.slice(from, Math.min(from + max, images.count()));
      float[] output = graph.output(microBatch);
      System.arraycopy(output, 0, values, from * valuesPerImage, output.length);
    }
    return values;
  }

  @Override
  public Weights refinerWeights() {
    return refinerParameters.read();
  }

  @Override
  public Weights discriminatorWeights() {
    return discriminatorParameters.read();
  }

  @Override
  public void setRefinerWeights(Weights weights) {
    refinerParameters.write(weights);
  }

  @Override
  public void setDiscriminatorWeights(Weights weights) {
    discriminatorParameters.write(weights);
  }

  @Override
  public void saveState(OutputStream out) throws IOException {
    state.save(out);
  }

  @Override
  public void loadState(InputStream in) throws IOException {
    state.load(in);
  }

  /** Returns all graphs, for tests. */
  List<ComputationGraph> graphs() {
    return List.of(combined.graph(), refiner.graph(), discriminator.graph());
  }

  @Override
  public void close() {
    refinerUpdate.close();
    discriminatorUpdate.close();
    combined.close();
    refiner.close();
    discriminator.close();
    realLabels.close();
    discriminatorLabels.close();
    parameters.close();
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }
}
