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
 * Where a training's tensors lie and what numbers they are. What comes from the heap is on its way
 * to a GPU when a method returns; nothing here waits for it.
 */
final class Placement implements AutoCloseable {

  private final boolean onGpu;
  private final TensorOptions numbers;
  private final TensorOptions places;

  /**
   * @param type {@code Double} where gradients are compared with finite differences
   */
  Placement(Device device, ScalarType type) {
    onGpu = device instanceof Device.Cuda;
    numbers = options(device, type);
    places = options(device, ScalarType.Long);
  }

  private static TensorOptions options(Device device, ScalarType type) {
    try (var place = new org.bytedeco.pytorch.Device(device.toString());
        DeviceOptional where = new DeviceOptional(place);
        TensorOptions anywhere = new TensorOptions(type)) {
      return anywhere.device(where);
    }
  }

  Tensor zeros(long... shape) {
    return torch.zeros(shape, numbers);
  }

  /** Count x channels x height x width, channels last. */
  Tensor images(ImageBatch images) {
    ImageShape shape = images.shape();
    return channelsLast(
        numbers(images.pixels(), images.count(), shape.channels(), shape.height(), shape.width()));
  }

  /** The order in which convolutions are fastest. */
  static Tensor channelsLast(Tensor images) {
    return images.contiguous(MemoryFormat.ChannelsLast);
  }

  Tensor numbers(float[] values, long... shape) {
    Tensor staged = torch.empty(shape, staging(ScalarType.Float), new MemoryFormatOptional());
    try (FloatPointer pointer = staged.data_ptr_float()) {
      pointer.put(values);
    }
    return move(staged, numbers);
  }

  /** Row numbers, to select by. */
  Tensor places(int[] values) {
    long[] shape = {values.length};
    Tensor staged = torch.empty(shape, staging(ScalarType.Long), new MemoryFormatOptional());
    try (LongPointer pointer = staged.data_ptr_long()) {
      pointer.put(Arrays.stream(values).asLongStream().toArray());
    }
    return move(staged, places);
  }

  /** Only from pinned memory do copies run beside the host. */
  private TensorOptions staging(ScalarType type) {
    return new TensorOptions(type).pinned_memory(new BoolOptional(onGpu));
  }

  private static Tensor move(Tensor staged, TensorOptions to) {
    boolean beside = true;
    boolean always = false;
    return staged.to(to, beside, always, new MemoryFormatOptional());
  }

  /** Whether the device works on after a call has returned. */
  boolean isAsynchronous() {
    return onGpu;
  }

  @Override
  public void close() {
    numbers.close();
    places.close();
  }
}
