package io.refinery.engine.torch;

import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Scalars that a device may still be computing; reading them waits for the device. */
final class DeviceScalars implements Supplier<double[]>, AutoCloseable {

  private final Tensor tensor;
  private double[] values;

  private DeviceScalars(Tensor tensor) {
    this.tensor = tensor;
  }

  /**
   * @param numbers tensors of one element each
   */
  static DeviceScalars of(Tensor... numbers) {
    try (TensorVector all = new TensorVector(numbers);
        Tensor stacked = torch.stack(all)) {
      return new DeviceScalars(TensorScope.retain(stacked.detach()));
    }
  }

  @Override
  public double[] get() {
    if (values == null) {
      values = TorchErrors.during("compute a loss", () -> Tensors.doubles(tensor));
      tensor.close();
    }
    return values;
  }

  boolean isRead() {
    return values != null;
  }

  @Override
  public void close() {
    tensor.close();
  }
}
