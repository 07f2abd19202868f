package io.refinery.engine.dl4j;

import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.DiscriminatorNetwork.PatchMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The class of a patch. */
enum PatchClass {
  REAL(0),
  REFINED(1);

  private final int index;

  PatchClass(int index) {
    this.index = index;
  }

  /** Returns the class's index among the discriminator's logits. */
  int index() {
    return index;
  }

  /**
   * Returns labels for {@code images} images of this class: images x classes x rows x columns.
   *
   * @param smoothing probability of the other class, 0 for one-hot labels
   */
  INDArray labels(int images, PatchMap patches, double smoothing, DataType type) {
    long[] shape = {images, DiscriminatorNetwork.CLASSES, patches.height(), patches.width()};
    INDArray labels = Nd4j.valueArrayOf(shape, smoothing, type);
    labels
        .get(NDArrayIndex.all(), NDArrayIndex.point(index), NDArrayIndex.all(), NDArrayIndex.all())
        .assign(1 - smoothing);
    return labels;
  }
}
