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
 * A CUDA stream with its staging buffers. Within a pipeline, a micro-batch is uploaded, refined and
 * downloaded in order; with two pipelines, one copies while the other computes.
 */
@SuppressWarnings("try") // Guards are never referenced; they act while open.
final class CudaPipeline implements AutoCloseable {

  private static final boolean NON_BLOCKING = true;

  private final CudaPass pass;
  private final org.bytedeco.pytorch.Device device;
  private final CUDAStream stream;
  private final boolean recorded;
  private final boolean pinned;
  private final Map<Integer, CudaGraph> graphs = new HashMap<>();
  private Buffers buffers;
  private InFlight inFlight;

  /**
   * Input and output buffers of one micro-batch, in host and GPU memory.
   *
   * @param images capacity
   * @param nan a single flag: whether a refined pixel is NaN
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

  /** The range of a batch's values that the GPU is working on. */
  private record InFlight(HostImages host, int from, int count) {}

  CudaPipeline(CudaPass pass, int gpu, TorchOptions options) {
    this.pass = pass;
    recorded = options.cudaGraphs();
    pinned = options.pinnedMemory();
    this.device = new org.bytedeco.pytorch.Device(torch.DeviceType.CUDA, (byte) gpu);
    stream = torch_cuda.getStreamFromPool(false, (byte) gpu);
  }

  /** Drops what a failed batch left in flight. */
  void discardInFlight() {
    inFlight = null;
  }

  /**
   * Enqueues images {@code from} to {@code from + count - 1} on the stream and returns without
   * waiting.
   *
   * @param capacity images in the largest micro-batch of this batch
   */
  void submit(HostImages host, ImageShape shape, int from, int count, int capacity) {
    try (PointerScope scope = new PointerScope();
        InferenceMode inference = new InferenceMode(true);
        CUDAStreamGuard guard = new CUDAStreamGuard(stream.unwrap())) {
      prepare(host, shape, capacity);
      int values = count * shape.values();
      host.load(from * shape.values(), values, buffers.hostIn());
      first(buffers.in(), count).copy_(first(buffers.hostIn(), count), NON_BLOCKING);
      if (recorded) {
        graph(host, count).replay();
      } else {
        refine(host, count);
      }
      first(buffers.hostOut(), count).copy_(first(buffers.out(), count), NON_BLOCKING);
      buffers.hostNan().copy_(buffers.nan(), NON_BLOCKING);
      inFlight = new InFlight(host, from * shape.values(), values);
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

  private void prepare(HostImages host, ImageShape shape, int capacity) {
    if (fits(host, shape, capacity)) {
      return;
    }
    release();
    buffers = allocate(host.type(), shape, capacity);
  }

  private CudaGraph graph(HostImages host, int count) {
    return graphs.computeIfAbsent(
        graphSize(count, buffers.images()), images -> capture(host, images));
  }

  /**
   * Returns how many images the graph for {@code count} images computes: a power of two, so that a
   * few graphs cover micro-batches of any size. The surplus images in the buffers are refined and
   * ignored.
   *
   * @param capacity of the buffers
   */
  static int graphSize(int count, int capacity) {
    int below = Integer.highestOneBit(count);
    return Math.min(below == count ? count : 2 * below, capacity);
  }

  private CudaGraph capture(HostImages host, int images) {
    // Warm-up without a graph: libraries initialise and choose their algorithms.
    refine(host, images);
    stream.synchronize();
    return new CudaGraph(stream, () -> refine(host, images));
  }

  private boolean fits(HostImages host, ImageShape shape, int capacity) {
    return buffers != null
        && buffers.type() == host.type()
        && buffers.shape().equals(shape)
        && buffers.images() >= capacity;
  }

  private Buffers allocate(ScalarType type, ImageShape shape, int images) {
    long[] sizes = {images, shape.channels(), shape.height(), shape.width()};
    long[] one = {1};
    BoolOptional pin = new BoolOptional(pinned);
    DeviceOptional onGpu = new DeviceOptional(device);
    TensorOptions host = new TensorOptions(type).pinned_memory(pin);
    TensorOptions flag = new TensorOptions(ScalarType.Bool);
    Buffers allocated =
        new Buffers(
            images,
            shape,
            type,
            torch.empty(sizes, host, new MemoryFormatOptional()),
            torch.empty(sizes, host, new MemoryFormatOptional()),
            torch.zeros(sizes, new TensorOptions(type).device(onGpu)),
            torch.zeros(sizes, new TensorOptions(type).device(onGpu)),
            torch.empty(one, flag.pinned_memory(pin), new MemoryFormatOptional()),
            torch.zeros(one, new TensorOptions(ScalarType.Bool).device(onGpu)));
    allocated.hostIn().retainReference();
    allocated.hostOut().retainReference();
    allocated.in().retainReference();
    allocated.out().retainReference();
    allocated.hostNan().retainReference();
    allocated.nan().retainReference();
    return allocated;
  }

  /** Waits for the micro-batch in flight and stores its result in its batch. */
  void await() {
    if (inFlight == null) {
      return;
    }
    stream.synchronize();
    InFlight finished = inFlight;
    inFlight = null;
    if (buffers.hostNan().item_bool()) {
      // Otherwise the graph would see this NaN again in a smaller next micro-batch.
      release();
      throw new IllegalArgumentException("A refined pixel is NaN");
    }
    finished.host().store(finished.from(), finished.count(), buffers.hostOut());
  }

  /** Frees the buffers and graphs, and drops what is in flight. */
  void release() {
    inFlight = null;
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
    device.close();
  }
}
