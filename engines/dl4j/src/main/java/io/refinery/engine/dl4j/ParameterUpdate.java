package io.refinery.engine.dl4j;

import io.refinery.engine.Optimizer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The optimiser of one network, with its state. It belongs to the network's parameters, whichever
 * graph the gradient comes from.
 */
final class ParameterUpdate implements AutoCloseable {

  private final Optimizer optimizer;
  private final double gradientClip;
  private final INDArray parameters;
  private final List<INDArray> moments;
  private int updates;
  private double rateFactor = 1;

  /**
   * @param gradientClip largest L2 norm of a gradient, 0 for no limit
   * @param parameters a row; changed in place
   */
  ParameterUpdate(Optimizer optimizer, double gradientClip, INDArray parameters) {
    this.optimizer = optimizer;
    this.gradientClip = gradientClip;
    this.parameters = parameters;
    this.moments = Stream.generate(() -> zerosLike(parameters)).limit(moments(optimizer)).toList();
  }

  private static int moments(Optimizer optimizer) {
    if (optimizer instanceof Optimizer.Sgd sgd) {
      return sgd.momentum() == 0 ? 0 : 1;
    }
    return 2;
  }

  private static INDArray zerosLike(INDArray array) {
    return Nd4j.zeros(array.dataType(), array.shape());
  }

  void scaleLearningRate(double factor) {
    rateFactor = factor;
  }

  /**
   * One update.
   *
   * @param gradient as long as the parameters; used up
   */
  void apply(INDArray gradient) {
    clip(gradient);
    if (optimizer instanceof Optimizer.Adam adam) {
      Nd4j.exec(adamStep(adam, gradient));
    } else if (optimizer instanceof Optimizer.Sgd sgd) {
      if (!moments.isEmpty()) {
        gradient.assign(moments.get(0).muli(sgd.momentum()).addi(gradient));
      }
      gradient.muli(sgd.learningRate() * rateFactor);
    }
    parameters.subi(gradient);
    updates++;
  }

  private void clip(INDArray gradient) {
    if (gradientClip == 0) {
      return;
    }
    double norm = gradient.norm2Number().doubleValue();
    if (norm > gradientClip) {
      gradient.muli(gradientClip / norm);
    }
  }

  /**
   * ND4J adds epsilon before it corrects the second moment's bias, algorithm 1 of arXiv 1412.6980
   * after it: the same once epsilon is scaled as the root of the moment is.
   */
  private AdamUpdater adamStep(Optimizer.Adam adam, INDArray gradient) {
    double epsilon = adam.epsilon() * Math.sqrt(1 - Math.pow(adam.beta2(), updates + 1));
    return new AdamUpdater(
        gradient,
        moments.get(1),
        moments.get(0),
        adam.learningRate() * rateFactor,
        adam.beta1(),
        adam.beta2(),
        epsilon,
        updates);
  }

  /** Writes parameters, moments and the count of updates. */
  void save(DataOutputStream out) throws IOException {
    out.writeInt(updates);
    write(parameters, out);
    for (INDArray moment : moments) {
      write(moment, out);
    }
  }

  /** Takes back what {@link #save} wrote. */
  void load(DataInputStream in) throws IOException {
    updates = in.readInt();
    read(in, parameters);
    for (INDArray moment : moments) {
      read(in, moment);
    }
  }

  // Doubles hold floats without loss, so that one form serves both data types.
  private static void write(INDArray array, DataOutputStream out) throws IOException {
    for (double value : Arrays.doubles(array)) {
      out.writeDouble(value);
    }
  }

  private static void read(DataInputStream in, INDArray into) throws IOException {
    double[] values = new double[Math.toIntExact(into.length())];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readDouble();
    }
    try (INDArray array = Nd4j.createFromArray(values)) {
      into.assign(array.reshape(into.shape()));
    }
  }

  @Override
  public void close() {
    moments.forEach(INDArray::close);
  }
}
