package io.refinery.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of one network by name, in the order of its layers: the neutral form that every
 * engine reads and writes.
 */
public record Weights(Map<String, Tensor> tensors) {

  public Weights {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * The tensor of this name.
   *
   * @throws IllegalArgumentException where there is none
   */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "There is no tensor " + name + " among " + tensors.keySet());
    }
    return tensor;
  }

  /**
   * These weights, once it is sure that they are those of a network with these parameters.
   *
   * @param parameters names and shapes, as {@link RefinerNetwork#parameters()} gives them
   * @throws IllegalArgumentException naming the first tensor that is missing, extra or of another
   *     shape
   */
  public Weights requireShapes(Map<String, List<Integer>> parameters) {
    parameters.forEach(
        (name, shape) -> {
          if (!tensor(name).shape().equals(shape)) {
            throw new IllegalArgumentException(
                "Tensor "
                    + name
                    + " has shape "
                    + tensor(name).shape()
                    + " where the network has "
                    + shape);
          }
        });
    for (String name : tensors.keySet()) {
      if (!parameters.containsKey(name)) {
        throw new IllegalArgumentException("The network has no tensor " + name);
      }
    }
    return this;
  }

  /** Number of values in all tensors. */
  public int count() {
    return tensors.values().stream().mapToInt(tensor -> tensor.values().length).sum();
  }
}
