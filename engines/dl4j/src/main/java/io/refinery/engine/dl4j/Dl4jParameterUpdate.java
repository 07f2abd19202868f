package io.refinery.engine.dl4j;

import io.refinery.engine.Optimizer;
import io.refinery.engine.PairState;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The optimiser of one network, with its state. It belongs to the network's parameters and accepts
 * gradients from any graph.
 */
final class Dl4jParameterUpdate implements PairState.Part, AutoCloseable {

  private final Optimizer optimizer;
  private final double gradientClip;
  private final INDArray parameters;
  private final List<INDArray> moments;
  private int updates;
  private double rateFactor = 1;

  /**
   * @param gradientClip maximum L2 norm of the gradient, 0 for no limit
   * @param parameters a row; changed in place
   */
  Dl4jParameterUpdate(Optimizer optimizer, double gradientClip, INDArray parameters) {
    this.optimizer = optimizer;
    this.gradientClip = gradientClip;
    this.parameters = parameters;
    this.moments = Stream.generate(() -> zerosLike(parameters)).limit(optimizer.moments()).toList();
  }

  private static INDArray zerosLike(INDArray array) {
    return Nd4j.zeros(array.dataType(), array.shape());
  }

  void scaleLearningRate(double factor) {
    rateFactor = factor;
  }

  /**
   * Runs one update.
   *
   * @param gradient as long as the parameters; overwritten
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
   * ND4J adds epsilon before it corrects the second moment's bias; algorithm 1 of arXiv 1412.6980
   * adds it afterwards. Scaling epsilon like the moment's root makes both equal.
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

  // Doubles hold floats exactly, so one format serves both data types.
  @Override
  public void save(DataOutputStream out) throws IOException {
    out.writeInt(updates);
    for (INDArray row : rows()) {
      for (double value : Nd4jArrays.doubles(row)) {
        out.writeDouble(value);
      }
    }
  }

  @Override
  public Runnable load(DataInputStream in) throws IOException {
    int saved = in.readInt();
    List<double[]> contents = new ArrayList<>();
    for (INDArray row : rows()) {
      double[] values = new double[Math.toIntExact(row.length())];
      for (int i = 0; i < values.length; i++) {
        values[i] = in.readDouble();
      }
      contents.add(values);
    }
    return () -> {
      updates = saved;
      for (int i = 0; i < contents.size(); i++) {
        assign(rows().get(i), contents.get(i));
      }
    };
  }

  private List<INDArray> rows() {
    List<INDArray> rows = new ArrayList<>();
    rows.add(parameters);
    rows.addAll(moments);
    return rows;
  }

  private static void assign(INDArray row, double[] values) {
    try (INDArray array = Nd4j.createFromArray(values)) {
      row.assign(array.reshape(row.shape()));
    }
  }

  @Override
  public void close() {
    moments.forEach(INDArray::close);
  }
}
