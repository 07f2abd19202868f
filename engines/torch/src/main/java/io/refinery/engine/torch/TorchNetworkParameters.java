package io.refinery.engine.torch;

import io.refinery.network.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * The parameters of one network and their gradient, each as one row of numbers, so that an
 * optimiser moves a network by few operations. The named tensors are views of the rows: filters lie
 * in them as output maps x rows x columns x input maps, which is channels last.
 */
final class TorchNetworkParameters implements AutoCloseable {

  /** Tensors begin at multiples of so many numbers, as the libraries' fastest loads want them. */
  private static final int ALIGNMENT = 16;

  private final Map<String, List<Integer>> shapes;
  private final Tensor values;
  private final Tensor gradient;
  private final Map<String, Tensor> fixed = new LinkedHashMap<>();
  private final Map<String, Tensor> trained = new LinkedHashMap<>();

  /**
   * All of them 0.
   *
   * @param shapes names and shapes, in order
   */
  TorchNetworkParameters(Map<String, List<Integer>> shapes, Placement placement) {
    this.shapes = shapes;
    long count = shapes.values().stream().mapToLong(TorchNetworkParameters::stretch).sum();
    values = placement.zeros(count);
    gradient = placement.zeros(count);
    Scoped.run(this::addViews);
  }

  private void addViews() {
    long from = 0;
    for (Map.Entry<String, List<Integer>> named : shapes.entrySet()) {
      Tensor view = view(values, from, named.getValue());
      Tensor leaf = view.detach().requires_grad_(true);
      leaf.mutable_grad().put(view(gradient, from, named.getValue()));
      fixed.put(named.getKey(), Scoped.kept(view));
      trained.put(named.getKey(), Scoped.kept(leaf));
      from += stretch(named.getValue());
    }
  }

  private static long size(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** The numbers at its end that no tensor has stay 0. */
  private static long stretch(List<Integer> shape) {
    return (size(shape) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static Tensor view(Tensor row, long from, List<Integer> shape) {
    Tensor stretch = row.narrow(0, from, size(shape));
    return shape.size() == 4
        ? stretch.view(shape.get(0), shape.get(2), shape.get(3), shape.get(1)).permute(0, 3, 1, 2)
        : stretch.view(shape.stream().mapToLong(Integer::longValue).toArray());
  }

  /** All parameters; the named ones change with them. */
  Tensor values() {
    return values;
  }

  /** Where a pass back through {@link #trained()} adds its gradient. */
  Tensor gradient() {
    return gradient;
  }

  /** The parameters by name for a pass that needs no gradient of them. */
  Map<String, Tensor> fixed() {
    return fixed;
  }

  /** The parameters by name for a pass that needs their gradient. */
  Map<String, Tensor> trained() {
    return trained;
  }

  /** A copy. */
  Weights read() {
    Map<String, io.refinery.network.Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) ->
            tensors.put(
                name, new io.refinery.network.Tensor(shape, Tensors.floats(fixed.get(name)))));
    return new Weights(tensors);
  }

  /**
   * @throws IllegalArgumentException when {@code weights} are not this network's
   */
  void write(Weights weights) {
    weights
        .requireShapes(shapes)
        .tensors()
        .forEach((name, tensor) -> Scoped.run(() -> fixed.get(name).copy_(Tensors.of(tensor))));
  }

  @Override
  public void close() {
    trained.values().forEach(Tensor::close);
    fixed.values().forEach(Tensor::close);
    gradient.close();
    values.close();
  }
}
