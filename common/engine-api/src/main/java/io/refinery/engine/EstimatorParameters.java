package io.refinery.engine;

import io.refinery.engine.EstimatorSpec.Convolution;
import io.refinery.engine.EstimatorSpec.Dense;
import io.refinery.engine.EstimatorSpec.Layer;
import io.refinery.engine.EstimatorSpec.MaxPooling;
import io.refinery.engine.EstimatorSpec.Padding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Derives the shapes of an estimator's parameters, layer by layer. */
final class EstimatorParameters {

  private static final String LARGER = "is larger than the maps before it, %d of %dx%d pixels";
  private static final String NO_MAPS = "takes maps, but the layer before it gives %d values";

  private final Map<String, List<Integer>> parameters = new LinkedHashMap<>();
  private int maps;
  private int height;
  private int width;
  private boolean vector;

  private EstimatorParameters(EstimatorSpec spec) {
    maps = spec.shape().channels();
    height = spec.shape().height();
    width = spec.shape().width();
  }

  static Map<String, List<Integer>> of(EstimatorSpec spec) {
    EstimatorParameters shapes = new EstimatorParameters(spec);
    for (int number = 1; number <= spec.hidden().size(); number++) {
      shapes.add(number, spec.hidden().get(number - 1));
    }
    shapes.addDense("out", spec.outputs());
    return shapes.parameters;
  }

  private void add(int number, Layer layer) {
    String name = "hidden" + number;
    if (layer instanceof Dense dense) {
      addDense(name, dense.units());
      return;
    }
    require(!vector, number, layer, NO_MAPS);
    if (layer instanceof Convolution convolution) {
      boolean same = convolution.padding() == Padding.SAME;
      int size = convolution.size();
      require(same || size <= Math.min(height, width), number, layer, LARGER);
      put(name, List.of(convolution.filters(), maps, size, size));
      maps = convolution.filters();
      height -= same ? 0 : size - 1;
      width -= same ? 0 : size - 1;
    } else if (layer instanceof MaxPooling pooling) {
      require(pooling.size() <= Math.min(height, width), number, layer, LARGER);
      height = (height - pooling.size()) / pooling.stride() + 1;
      width = (width - pooling.size()) / pooling.stride() + 1;
    } else {
      vector = true;
    }
  }

  private void addDense(String name, int units) {
    int inputs = vector ? maps : Math.multiplyExact(maps, Math.multiplyExact(height, width));
    put(name, List.of(units, inputs));
    maps = units;
    vector = true;
  }

  private void put(String name, List<Integer> weight) {
    parameters.put(name + ".weight", weight);
    parameters.put(name + ".bias", weight.subList(0, 1));
  }

  private void require(boolean fits, int number, Layer layer, String problem) {
    if (!fits) {
      throw new IllegalArgumentException(
          "Hidden layer " + number + ", " + layer + ", " + problem.formatted(maps, width, height));
    }
  }
}
