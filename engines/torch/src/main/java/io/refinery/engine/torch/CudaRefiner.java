package io.refinery.engine.torch;

import io.refinery.engine.Device;
import io.refinery.engine.DeviceMemoryException;
import io.refinery.engine.EngineException;
import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch_cuda;

/** Refines on an NVIDIA GPU: the micro-batches of a batch alternate between two pipelines. */
final class CudaRefiner implements Refiner {

  /** About 130 MB for one layer's feature maps. */
  private static final MicroBatchSize DEFAULT_MICRO_BATCH = new MicroBatchSize(256);

  private static final int MICRO_BATCHES_PER_BATCH = 4;

  private final RefinerNetwork network;
  private final Precision precision;
  private final TorchOptions options;
  private final MicroBatchSize microBatch;
  private final CudaPass pass;
  private final List<CudaPipeline> pipelines;
  private boolean closed;

  /**
   * @param weights those of {@code network}
   */
  CudaRefiner(
      RefinerNetwork network,
      Weights weights,
      Device.Cuda device,
      Precision precision,
      TorchOptions options) {
    this.network = network;
    this.precision = precision;
    this.options = options;
    microBatch = options.microBatch().orElse(DEFAULT_MICRO_BATCH);
    MemoryFormat format =
        options.channelsLast() ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
    int count = options.overlapCopies() ? 2 : 1;
    try {
      pass = new CudaPass(network, weights, device, precision, format, options.fusedConvolutions());
      awaitWeights(device);
      pipelines =
          Stream.generate(() -> new CudaPipeline(pass, device.number(), options))
              .limit(count)
              .toList();
    } catch (RuntimeException e) {
      throw TorchErrors.of("create a refiner on " + device, e);
    }
  }

  /**
   * The weights are uploaded on this thread's stream, which the pipelines' streams do not wait for.
   */
  private static void awaitWeights(Device.Cuda device) {
    try (CUDAStream current = torch_cuda.getCurrentCUDAStream((byte) device.number())) {
      current.synchronize();
    }
  }

  @Override
  public ImageBatch refine(ImageBatch synthetic) {
    HostImages.Pixels host = HostImages.Pixels.of(synthetic);
    refine(host, synthetic.count(), synthetic.shape(), synthetic);
    return new ImageBatch(synthetic.count(), synthetic.shape(), host.refined());
  }

  @Override
  public LevelBatch refine(LevelBatch synthetic) {
    HostImages.Levels8 host = HostImages.Levels8.of(synthetic);
    refine(host, synthetic.count(), synthetic.shape(), synthetic);
    return new LevelBatch(synthetic.count(), synthetic.shape(), host.refined());
  }

  private void refine(HostImages host, int count, ImageShape shape, Object batch) {
    if (closed) {
      throw new IllegalStateException("The refiner is closed");
    }
    Refiner.requireChannels(network.channels(), shape, batch);
    int capacity = Math.min(count, microBatch.images(shape));
    try {
      setCudnnFlags();
      pipelines.forEach(CudaPipeline::discardInFlight);
      int turn = 0;
      for (int from = 0; from < count; from += capacity) {
        CudaPipeline pipeline = pipelines.get(turn++ % pipelines.size());
        pipeline.await();
        pipeline.submit(host, shape, from, Math.min(capacity, count - from), capacity);
      }
      pipelines.forEach(CudaPipeline::await);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(batch + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      EngineException failure = TorchErrors.of("refine " + batch, e);
      if (failure instanceof DeviceMemoryException) {
        freeMemory();
      }
      throw failure;
    }
  }

  /** Frees what each stream keeps for the large batch, so that a smaller one fits. */
  private void freeMemory() {
    pipelines.forEach(CudaPipeline::release);
    torch_cuda.getAllocator().emptyCache();
  }

  /** These flags are per process, and libtorch enables TF32 by default. */
  private void setCudnnFlags() {
    torch.globalContext().setAllowTF32CuDNN(precision == Precision.TF32);
    torch.globalContext().setBenchmarkCuDNN(options.cudnnBenchmark());
  }

  @Override
  public int batch(ImageShape shape) {
    return MICRO_BATCHES_PER_BATCH * microBatch.images(shape);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        pipelines.forEach(CudaPipeline::close);
        // The cache is per stream, and the next refiner may get other streams.
        torch_cuda.getAllocator().emptyCache();
      } catch (RuntimeException e) {
        throw TorchErrors.of("free GPU memory", e);
      } finally {
        pass.close();
      }
    }
  }
}
