package io.refinery.engine.torch;

import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.cuda.DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair;
import org.bytedeco.pytorch.cuda.StreamFilter;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * Work of a GPU that was recorded once and is replayed with one call: the same kernels on the same
 * memory. What libtorch does as {@code torch.cuda.CUDAGraph}, which the bindings leave out.
 */
final class CudaGraph implements AutoCloseable {

  /** libtorch numbers its own pools from 1 on. */
  private static final AtomicLong NEXT_NUMBER = new AtomicLong(1L << 40);

  private final CUDAStream stream;
  private final byte device;
  private final LongPointer number;
  private final CUgraphExec_st executable = new CUgraphExec_st();

  /**
   * Records {@code work} without doing it.
   *
   * @param stream the current one, not the default one, with nothing under way
   * @param work has run before, allocates nothing that outlives it, and waits for nothing
   */
  CudaGraph(CUDAStream stream, Runnable work) {
    this.stream = stream;
    device = stream.device_index();
    number = new LongPointer(NEXT_NUMBER.getAndIncrement(), 0);
    // It outlives whatever scope it is made in.
    number.retainReference();
    try (StreamFilter onlyThis = only(stream.stream())) {
      // Memory of the recording is the graph's alone as long as the graph is there.
      torch_cuda.beginAllocateToPool(device, memory(), onlyThis);
      instantiate(work);
    }
  }

  /**
   * The graph's pool of memory. The bindings take its number, of two longs, for a pair of vectors,
   * and crash when they free one: so it is never their object but a view of ours.
   */
  private DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair memory() {
    return new DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair(number);
  }

  private void instantiate(Runnable work) {
    CUgraph_st recorded = new CUgraph_st();
    try {
      record(work, recorded);
      require(cudart.cudaGraphInstantiate(executable, recorded, 0));
    } catch (RuntimeException e) {
      release();
      throw e;
    } finally {
      if (!recorded.isNull()) {
        cudart.cudaGraphDestroy(recorded);
      }
    }
  }

  private void record(Runnable work, CUgraph_st recorded) {
    int ended;
    try {
      require(
          cudart.cudaStreamBeginCapture(stream.stream(), cudart.cudaStreamCaptureModeThreadLocal));
      work.run();
    } finally {
      // Recording ends in any case, or the stream would take no further work.
      ended = cudart.cudaStreamEndCapture(stream.stream(), recorded);
      // Else libtorch would take an error of it for its own next call's.
      cudart.cudaGetLastError();
      torch_cuda.endAllocateToPool(device, memory());
    }
    require(ended);
  }

  private static StreamFilter only(CUstream_st stream) {
    return new StreamFilter() {
      @Override
      public boolean call(Pointer other) {
        return other != null && other.address() == stream.address();
      }
    };
  }

  void replay() {
    require(cudart.cudaGraphLaunch(executable, stream.stream()));
  }

  private static void require(int error) {
    if (error != cudart.cudaSuccess) {
      // Else libtorch would take it for its own next call's.
      cudart.cudaGetLastError();
      String text = cudart.cudaGetErrorString(error).getString();
      throw TorchErrors.of("use a CUDA graph", new IllegalStateException("CUDA error: " + text));
    }
  }

  @Override
  public void close() {
    stream.synchronize();
    release();
  }

  private void release() {
    if (!executable.isNull()) {
      cudart.cudaGraphExecDestroy(executable);
    }
    executable.close();
    torch_cuda.getAllocator().releasePool(device, memory());
    number.close();
  }
}
