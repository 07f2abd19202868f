package io.refinery.engine.torch;

import io.refinery.image.ImageShape;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.cuda.CUDAStreamGuard;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * One stream of a GPU and the buffers that go through it. A part is copied there, refined and
 * copied back in order; two lanes side by side copy while they compute.
 */
@SuppressWarnings("try") // Guards work by being open.
final class CudaLane implements AutoCloseable {

  private static final boolean BESIDE = true;

  private final CudaPass pass;
  private final org.bytedeco.pytorch.Device place;
  private final CUDAStream stream;
  private final boolean recorded = TorchSettings.graphs();
  private final Map<Integer, CudaGraph> graphs = new HashMap<>();
  private Buffers buffers;
  private Part underWay;

  /**
   * Room for parts, of every kind one for what goes in and one for what comes out.
   *
   * @param images that there is room for
   * @param nan whether a refined pixel is NaN, of one value
   */
  private record Buffers(
      int images,
      ImageShape shape,
      ScalarType type,
      Tensor hostIn,
      Tensor hostOut,
      Tensor in,
      Tensor out,
      Tensor hostNan,
      Tensor nan)
      implements AutoCloseable {

    @Override
    public void close() {
      hostIn.close();
      hostOut.close();
      in.close();
      out.close();
      hostNan.close();
      nan.close();
    }
  }

  /** Values of a batch that are on their way. */
  private record Part(HostImages host, int from, int count) {}

  CudaLane(CudaPass pass, int device) {
    this.pass = pass;
    place = new org.bytedeco.pytorch.Device(torch.DeviceType.CUDA, (byte) device);
    stream = torch_cuda.getStreamFromPool(false, (byte) device);
  }

  /** Whatever a failed batch left under way is for nobody. */
  void forget() {
    underWay = null;
  }

  /**
   * Sets the GPU to work on images {@code from} to {@code from + count - 1}, and returns.
   *
   * @param most images of any part of this batch, for which there are buffers
   */
  void begin(HostImages host, ImageShape shape, int from, int count, int most) {
    try (PointerScope scope = new PointerScope();
        InferenceMode inference = new InferenceMode(true);
        CUDAStreamGuard guard = new CUDAStreamGuard(stream.unwrap())) {
      prepare(host, shape, most);
      int values = count * shape.values();
      host.load(from * shape.values(), values, buffers.hostIn());
      first(buffers.in(), count).copy_(first(buffers.hostIn(), count), BESIDE);
      if (recorded) {
        graph(host, count).replay();
      } else {
        refine(host, count);
      }
      first(buffers.hostOut(), count).copy_(first(buffers.out(), count), BESIDE);
      buffers.hostNan().copy_(buffers.nan(), BESIDE);
      underWay = new Part(host, from * shape.values(), values);
    }
  }

  private static Tensor first(Tensor images, int count) {
    return images.narrow(0, 0, count);
  }

  private void refine(HostImages host, int count) {
    try (PointerScope scope = new PointerScope()) {
      Tensor refined = pass.refine(host.toPixels(first(buffers.in(), count)));
      first(buffers.out(), count).copy_(host.fromPixels(refined));
      if (host.losesNan()) {
        buffers.nan().copy_(refined.isnan().any());
      }
    }
  }

  private void prepare(HostImages host, ImageShape shape, int most) {
    if (isRoom(host, shape, most)) {
      return;
    }
    release();
    buffers = allocate(host.type(), shape, most);
  }

  private CudaGraph graph(HostImages host, int count) {
    return graphs.computeIfAbsent(
        recordedImages(count, buffers.images()), images -> record(host, images));
  }

  /**
   * How many images a graph for {@code count} computes: powers of two, so that few graphs do for
   * parts of any size. What else lies in the buffers is refined in vain.
   *
   * @param room most that there can be
   */
  static int recordedImages(int count, int room) {
    int below = Integer.highestOneBit(count);
    return Math.min(below == count ? count : 2 * below, room);
  }

  private CudaGraph record(HostImages host, int images) {
    // Once without a graph: libraries set themselves up and choose their algorithms.
    refine(host, images);
    stream.synchronize();
    return new CudaGraph(stream, () -> refine(host, images));
  }

  private boolean isRoom(HostImages host, ImageShape shape, int most) {
    return buffers != null
        && buffers.type() == host.type()
        && buffers.shape().equals(shape)
        && buffers.images() >= most;
  }

  private Buffers allocate(ScalarType type, ImageShape shape, int images) {
    long[] sizes = {images, shape.channels(), shape.height(), shape.width()};
    long[] one = {1};
    BoolOptional pinned = new BoolOptional(TorchSettings.pinned());
    DeviceOptional gpu = new DeviceOptional(place);
    TensorOptions host = new TensorOptions(type).pinned_memory(pinned);
    TensorOptions flag = new TensorOptions(ScalarType.Bool);
    Buffers allocated =
        new Buffers(
            images,
            shape,
            type,
            torch.empty(sizes, host, new MemoryFormatOptional()),
            torch.empty(sizes, host, new MemoryFormatOptional()),
            torch.zeros(sizes, new TensorOptions(type).device(gpu)),
            torch.zeros(sizes, new TensorOptions(type).device(gpu)),
            torch.empty(one, flag.pinned_memory(pinned), new MemoryFormatOptional()),
            torch.zeros(one, new TensorOptions(ScalarType.Bool).device(gpu)));
    allocated.hostIn().retainReference();
    allocated.hostOut().retainReference();
    allocated.in().retainReference();
    allocated.out().retainReference();
    allocated.hostNan().retainReference();
    allocated.nan().retainReference();
    return allocated;
  }

  /** Waits for what is under way, and puts it where it belongs. */
  void end() {
    if (underWay == null) {
      return;
    }
    stream.synchronize();
    Part part = underWay;
    underWay = null;
    if (buffers.hostNan().item_bool()) {
      // A graph would find it again in the next part, if that is smaller.
      release();
      throw new IllegalArgumentException("A refined pixel is NaN");
    }
    part.host().store(part.from(), part.count(), buffers.hostOut());
  }

  /** Gives its buffers and recordings up; whatever is under way is for nobody. */
  void release() {
    underWay = null;
    graphs.values().forEach(CudaGraph::close);
    graphs.clear();
    if (buffers != null) {
      buffers.close();
      buffers = null;
    }
  }

  @Override
  public void close() {
    release();
    stream.close();
    place.close();
  }
}
