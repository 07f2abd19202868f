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
 * A CUDA graph: GPU work that is captured once and replayed with one call, with the same kernels on
 * the same memory. It does what PyTorch's {@code torch.cuda.CUDAGraph} does, which the bindings
 * lack.
 */
final class CudaGraph implements AutoCloseable {

  /** libtorch numbers its own memory pools from 1, so we start far above. */
  private static final AtomicLong NEXT_POOL = new AtomicLong(1L << 40);

  private final CUDAStream stream;
  private final byte device;
  private final LongPointer poolId;
  private final CUgraphExec_st executable = new CUgraphExec_st();

  /**
   * Captures {@code work} without running it.
   *
   * @param stream the current stream, not the default one, and idle
   * @param work has run before, allocates nothing that outlives it and does not synchronise
   */
  CudaGraph(CUDAStream stream, Runnable work) {
    this.stream = stream;
    device = stream.device_index();
    poolId = new LongPointer(NEXT_POOL.getAndIncrement(), 0);
    // The enclosing scope must not free it.
    poolId.retainReference();
    try (StreamFilter thisStream = onlyFrom(stream.stream())) {
      // Memory allocated during capture belongs to the graph until the graph is closed.
      torch_cuda.beginAllocateToPool(device, pool(), thisStream);
      instantiate(work);
    }
  }

  /**
   * The graph's memory pool. The bindings mistake its id (two longs) for a pair of vectors and
   * crash the JVM when they free one. So we never use an id that they created, only this view of
   * our own.
   */
  private DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair pool() {
    return new DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair(poolId);
  }

  private void instantiate(Runnable work) {
    CUgraph_st captured = new CUgraph_st();
    try {
      capture(work, captured);
      require(cudart.cudaGraphInstantiate(executable, captured, 0));
    } catch (RuntimeException e) {
      release();
      throw e;
    } finally {
      if (!captured.isNull()) {
        cudart.cudaGraphDestroy(captured);
      }
    }
  }

  private void capture(Runnable work, CUgraph_st captured) {
    int ended;
    try {
      require(
          cudart.cudaStreamBeginCapture(stream.stream(), cudart.cudaStreamCaptureModeThreadLocal));
      work.run();
    } finally {
      // Always end the capture, or the stream accepts no further work.
      ended = cudart.cudaStreamEndCapture(stream.stream(), captured);
      // Clear the error, or libtorch reports it for its next call.
      cudart.cudaGetLastError();
      torch_cuda.endAllocateToPool(device, pool());
    }
    require(ended);
  }

  private static StreamFilter onlyFrom(CUstream_st stream) {
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
      // Clear the error, or libtorch reports it for its next call.
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
    torch_cuda.getAllocator().releasePool(device, pool());
    poolId.close();
  }
}
