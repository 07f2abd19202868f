package io.refinery.network;

import java.util.List;
import java.util.Map;

final class Parameters {

  private Parameters() {}

  static void convolution(
      Map<String, List<Integer>> into, String name, int outputs, int inputs, int side) {
    into.put(name + ".weight", List.of(outputs, inputs, side, side));
    into.put(name + ".bias", List.of(outputs));
  }
}
