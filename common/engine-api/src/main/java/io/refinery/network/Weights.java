package io.refinery.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of one network by name, in the order of its layers: the engine-independent form
 * that every engine reads and writes.
 */
public record Weights(Map<String, Tensor> tensors) {

  public Weights {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Returns the tensor with this name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "There is no tensor " + name + "; there are " + tensors.keySet());
    }
    return tensor;
  }

  /**
   * Returns these weights after checking that they have exactly these parameters.
   *
   * @param parameters names and shapes, such as {@link RefinerNetwork#parameters()}
   * @throws IllegalArgumentException naming the first tensor that is missing, unexpected or of a
   *     different shape
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
                    + ", but the network has "
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

  /** Returns the total number of values in all tensors. */
  public int count() {
    return tensors.values().stream().mapToInt(tensor -> tensor.values().length).sum();
  }
}
