package io.refinery.engine.torch;

import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.cuda.MemPool;
import org.bytedeco.pytorch.cuda.StreamFilter;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * Work of a GPU that was recorded once and is replayed with one call: the same kernels on the same
 * memory. What libtorch does as {@code torch.cuda.CUDAGraph}, which the bindings leave out.
 */
final class CudaGraph implements AutoCloseable {

  private final CUDAStream stream;
  private final byte device;
  private final MemPool memory = new MemPool();
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
    // It outlives whatever scope it is made in.
    memory.retainReference();
    try (StreamFilter onlyThis = only(stream.stream())) {
      // Memory of the recording is the graph's alone as long as the graph is there.
      torch_cuda.beginAllocateToPool(device, memory.id(), onlyThis);
      instantiate(work);
    }
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
      torch_cuda.endAllocateToPool(device, memory.id());
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
    // Beginning to allocate took the pool once more than its object did.
    torch_cuda.getAllocator().releasePool(device, memory.id());
    memory.close();
  }
}
