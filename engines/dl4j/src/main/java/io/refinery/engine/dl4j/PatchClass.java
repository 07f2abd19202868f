package io.refinery.engine.dl4j;

import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.DiscriminatorNetwork.PatchMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What a patch can be. */
enum PatchClass {
  REAL(0),
  REFINED(1);

  private final int index;

  PatchClass(int index) {
    this.index = index;
  }

  /** Its place among the discriminator's logits. */
  int index() {
    return index;
  }

  /** One-hot labels of {@code images} images of this class: images x classes x rows x columns. */
  INDArray labels(int images, PatchMap patches, DataType type) {
    INDArray labels =
        Nd4j.zeros(type, images, DiscriminatorNetwork.CLASSES, patches.height(), patches.width());
    labels
        .get(NDArrayIndex.all(), NDArrayIndex.point(index), NDArrayIndex.all(), NDArrayIndex.all())
        .assign(1);
    return labels;
  }
}
