package io.refinery.engine.torch;

import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Single numbers that a device may still be computing; whoever reads them waits for it. */
final class DeviceValues implements Supplier<double[]>, AutoCloseable {

  private final Tensor tensor;
  private double[] values;

  private DeviceValues(Tensor tensor) {
    this.tensor = tensor;
  }

  /**
   * @param numbers tensors of one number each
   */
  static DeviceValues of(Tensor... numbers) {
    try (TensorVector together = new TensorVector(numbers);
        Tensor stacked = torch.stack(together)) {
      return new DeviceValues(Scoped.kept(stacked.detach()));
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
