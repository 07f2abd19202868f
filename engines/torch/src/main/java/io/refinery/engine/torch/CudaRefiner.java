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

/** Refines on an NVIDIA GPU: a batch goes in parts through two lanes by turns. */
final class CudaRefiner implements Refiner {

  /** Some 130 MB for a layer's feature maps. */
  private static final MicroBatchSize PART = new MicroBatchSize(256);

  private static final int PARTS_OF_BATCH = 4;

  private final RefinerNetwork network;
  private final Precision precision;
  private final MicroBatchSize part = TorchSettings.part().orElse(PART);
  private final CudaPass pass;
  private final List<CudaLane> lanes;
  private boolean closed;

  /**
   * @param weights those of {@code network}
   * @throws IllegalArgumentException naming a setting that has no meaning
   */
  CudaRefiner(RefinerNetwork network, Weights weights, Device.Cuda device, Precision precision) {
    this.network = network;
    this.precision = precision;
    MemoryFormat format =
        TorchSettings.channelsLast() ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
    int count = TorchSettings.overlap() ? 2 : 1;
    try {
      pass = new CudaPass(network, weights, device, precision, format, TorchSettings.fused());
      awaitWeights(device);
      lanes = Stream.generate(() -> new CudaLane(pass, device.number())).limit(count).toList();
    } catch (RuntimeException e) {
      throw TorchErrors.of("make a refiner on " + device, e);
    }
  }

  /** They are laid out on this thread's stream, and the lanes' streams do not wait for that one. */
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
    int most = Math.min(count, part.images(shape));
    try {
      setModes();
      lanes.forEach(CudaLane::forget);
      int turn = 0;
      for (int from = 0; from < count; from += most) {
        CudaLane lane = lanes.get(turn++ % lanes.size());
        lane.end();
        lane.begin(host, shape, from, Math.min(most, count - from), most);
      }
      lanes.forEach(CudaLane::end);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(batch + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      EngineException failure = TorchErrors.of("refine " + batch, e);
      if (failure instanceof DeviceMemoryException) {
        giveBack();
      }
      throw failure;
    }
  }

  /** What was set up for many images, and is kept for each stream, is in the way of fewer. */
  private void giveBack() {
    lanes.forEach(CudaLane::release);
    torch_cuda.getAllocator().emptyCache();
  }

  /** These belong to the process, and libtorch itself starts with TF32. */
  private void setModes() {
    torch.globalContext().setAllowTF32CuDNN(precision == Precision.TF32);
    torch.globalContext().setBenchmarkCuDNN(TorchSettings.benchmark());
  }

  @Override
  public int batch(ImageShape shape) {
    return PARTS_OF_BATCH * part.images(shape);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        lanes.forEach(CudaLane::close);
        // The next refiner has other streams.
        torch_cuda.getAllocator().emptyCache();
      } catch (RuntimeException e) {
        throw TorchErrors.of("give a GPU's memory back", e);
      } finally {
        pass.close();
      }
    }
  }
}
