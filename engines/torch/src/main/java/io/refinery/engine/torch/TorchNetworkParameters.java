package io.refinery.engine.torch;

import io.refinery.network.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * The parameters of one network and their gradient, each in one flat tensor, so that an optimiser
 * step takes few operations. The named tensors are views. Filters are stored channels last: output
 * maps x rows x columns x input maps.
 */
final class TorchNetworkParameters implements AutoCloseable {

  /** Tensors start at multiples of this many elements, for aligned loads. */
  private static final int ALIGNMENT = 16;

  private final Map<String, List<Integer>> shapes;
  private final Tensor values;
  private final Tensor gradient;
  private final Map<String, Tensor> fixed = new LinkedHashMap<>();
  private final Map<String, Tensor> trained = new LinkedHashMap<>();

  /**
   * Creates parameters that are all 0.
   *
   * @param shapes names and shapes, in order
   */
  TorchNetworkParameters(Map<String, List<Integer>> shapes, TensorFactory tensors) {
    this.shapes = shapes;
    long count = shapes.values().stream().mapToLong(TorchNetworkParameters::alignedSize).sum();
    values = tensors.zeros(count);
    gradient = tensors.zeros(count);
    TensorScope.run(this::addViews);
  }

  private void addViews() {
    long from = 0;
    for (Map.Entry<String, List<Integer>> named : shapes.entrySet()) {
      Tensor view = view(values, from, named.getValue());
      Tensor leaf = view.detach().requires_grad_(true);
      leaf.mutable_grad().put(view(gradient, from, named.getValue()));
      fixed.put(named.getKey(), TensorScope.retain(view));
      trained.put(named.getKey(), TensorScope.retain(leaf));
      from += alignedSize(named.getValue());
    }
  }

  private static long size(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** The padding after a tensor stays 0. */
  private static long alignedSize(List<Integer> shape) {
    return (size(shape) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static Tensor view(Tensor flat, long from, List<Integer> shape) {
    Tensor range = flat.narrow(0, from, size(shape));
    return shape.size() == 4
        ? range.view(shape.get(0), shape.get(2), shape.get(3), shape.get(1)).permute(0, 3, 1, 2)
        : range.view(shape.stream().mapToLong(Integer::longValue).toArray());
  }

  /** All parameters, flat; the named tensors are views of it. */
  Tensor values() {
    return values;
  }

  /** The gradient, flat; a backward pass through {@link #trained()} adds to it. */
  Tensor gradient() {
    return gradient;
  }

  /** The parameters by name, for a pass that needs no gradient of them. */
  Map<String, Tensor> fixed() {
    return fixed;
  }

  /** The parameters by name, for a pass that needs their gradient. */
  Map<String, Tensor> trained() {
    return trained;
  }

  /** Returns a copy. */
  Weights read() {
    Map<String, io.refinery.network.Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) ->
            tensors.put(
                name, new io.refinery.network.Tensor(shape, Tensors.floats(fixed.get(name)))));
    return new Weights(tensors);
  }

  /**
   * @throws IllegalArgumentException if {@code weights} do not match this network
   */
  void write(Weights weights) {
    weights
        .requireShapes(shapes)
        .tensors()
        .forEach(
            (name, tensor) -> TensorScope.run(() -> fixed.get(name).copy_(Tensors.of(tensor))));
  }

  @Override
  public void close() {
    trained.values().forEach(Tensor::close);
    fixed.values().forEach(Tensor::close);
    gradient.close();
    values.close();
  }
}
