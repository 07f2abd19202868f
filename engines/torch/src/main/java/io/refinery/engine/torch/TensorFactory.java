package io.refinery.engine.torch;

import io.refinery.engine.Device;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Creates a training's tensors on its device, in its element type. Uploads to a GPU are
 * asynchronous: a method returns without waiting for them.
 */
final class TensorFactory implements AutoCloseable {

  private final boolean onGpu;
  private final TensorOptions floats;
  private final TensorOptions longs;

  /**
   * @param type {@code Double} for comparing gradients with finite differences
   */
  TensorFactory(Device device, ScalarType type) {
    onGpu = device instanceof Device.Cuda;
    floats = options(device, type);
    longs = options(device, ScalarType.Long);
  }

  private static TensorOptions options(Device device, ScalarType type) {
    try (var target = new org.bytedeco.pytorch.Device(device.toString());
        DeviceOptional on = new DeviceOptional(target);
        TensorOptions options = new TensorOptions(type)) {
      return options.device(on);
    }
  }

  Tensor zeros(long... shape) {
    return torch.zeros(shape, floats);
  }

  /** Uploads images: count x channels x height x width, channels last. */
  Tensor images(ImageBatch images) {
    ImageShape shape = images.shape();
    return channelsLast(
        values(images.pixels(), images.count(), shape.channels(), shape.height(), shape.width()));
  }

  /** Returns the images in channels-last order, in which convolutions are fastest. */
  static Tensor channelsLast(Tensor images) {
    return images.contiguous(MemoryFormat.ChannelsLast);
  }

  Tensor values(float[] values, long... shape) {
    Tensor staged = torch.empty(shape, staging(ScalarType.Float), new MemoryFormatOptional());
    try (FloatPointer pointer = staged.data_ptr_float()) {
      pointer.put(values);
    }
    return upload(staged, floats);
  }

  /** Uploads indices of rows to select. */
  Tensor indices(int[] values) {
    long[] shape = {values.length};
    Tensor staged = torch.empty(shape, staging(ScalarType.Long), new MemoryFormatOptional());
    try (LongPointer pointer = staged.data_ptr_long()) {
      pointer.put(Arrays.stream(values).asLongStream().toArray());
    }
    return upload(staged, longs);
  }

  /** Copies are asynchronous only from pinned memory. */
  private TensorOptions staging(ScalarType type) {
    return new TensorOptions(type).pinned_memory(new BoolOptional(onGpu));
  }

  private static Tensor upload(Tensor staged, TensorOptions to) {
    boolean nonBlocking = true;
    boolean copy = false;
    return staged.to(to, nonBlocking, copy, new MemoryFormatOptional());
  }

  /** Returns whether the device may still be computing after a call has returned. */
  boolean isAsynchronous() {
    return onGpu;
  }

  @Override
  public void close() {
    floats.close();
    longs.close();
  }
}
