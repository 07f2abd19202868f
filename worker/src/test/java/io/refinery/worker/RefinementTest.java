package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.BundleWriter;
import io.refinery.concurrent.Uninterruptibles;
import io.refinery.engine.EngineException;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.message.JobPriority;
import io.refinery.telemetry.ServiceMeters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RefinementTest {

  private static final ImageShape SHAPE = new ImageShape(1, 1, 1);

  private final ExecutorService decoders = Executors.newCachedThreadPool();
  private final EngineThread engine = new EngineThread();
  private final List<Float> written = new ArrayList<>();

  @AfterEach
  void tidy() {
    engine.close();
    decoders.shutdown();
  }

  @Test
  void everyImageIsRefinedAndWrittenInOrder() throws Exception {
    AtomicLong told = new AtomicLong();

    long images = run(new Images(10, 99), halve(), new Written(99), told::set);

    assertThat(images).isEqualTo(10);
    assertThat(told).hasValue(10);
    assertThat(written).containsExactly(0f, 0.5f, 1f, 1.5f, 2f, 2.5f, 3f, 3.5f, 4f, 4.5f);
  }

  @Test
  void aBundleDamagedInTheMiddleIsReported() {
    assertThatThrownBy(() -> run(new Images(100, 50), halve(), new Written(99), images -> {}))
        .isInstanceOf(BundleException.class)
        .hasMessage("broken");
  }

  @Test
  void anEngineFailureEndsTheJobAndTheNextJobIsRefined() throws Exception {
    Refiner failing =
        refiner(
            batch -> {
              throw new EngineException("out of memory");
            });
    assertThatThrownBy(() -> run(new Images(100, 999), failing, new Written(99), images -> {}))
        .isInstanceOf(EngineException.class)
        .hasMessage("out of memory");

    long images = run(new Images(4, 99), halve(), new Written(99), done -> {});

    assertThat(images).isEqualTo(4);
  }

  @Test
  void aFullDiskEndsTheJob() {
    assertThatThrownBy(() -> run(new Images(100, 999), halve(), new Written(7), images -> {}))
        .isInstanceOf(IOException.class)
        .hasMessage("disk full");
  }

  @Test
  void anInterruptedJobEndsWhileAnotherUsesTheEngine() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    EngineThread.Turn other =
        engine.run(
            JobPriority.NORMAL,
            () -> {
              Uninterruptibles.uninterruptibly(busy);
              return false;
            });
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> run(new Images(9, 99), halve(), new Written(99), images -> {}))
        .isInstanceOf(InterruptedException.class);

    busy.countDown();
    other.end();
    assertThat(written).isEmpty();
  }

  @Test
  void batchesOfLargeImagesAreSmall() {
    OptionalInt wanted = OptionalInt.of(32);
    assertThat(Refinement.batchSize(wanted, halve(), new ImageShape(1, 35, 55))).isEqualTo(32);
    assertThat(Refinement.batchSize(wanted, halve(), new ImageShape(1, 512, 512))).isEqualTo(4);
    assertThat(Refinement.batchSize(wanted, halve(), new ImageShape(3, 4096, 4096))).isEqualTo(1);
  }

  @Test
  void theRefinerChoosesTheBatchSizeByDefault() {
    ImageShape shape = new ImageShape(1, 35, 55);
    assertThat(Refinement.batchSize(OptionalInt.empty(), halve(), shape))
        .isEqualTo(Refiner.USUAL_BATCH);
    assertThat(Refinement.batchSize(OptionalInt.of(5), halve(), shape)).isEqualTo(5);
  }

  private long run(BundleReader reader, Refiner refiner, BundleWriter writer, LongConsumer progress)
      throws BundleException, IOException, InterruptedException {
    Stages stages =
        new Stages(new WorkerMetrics(new ServiceMeters()), new StageProgress(System::nanoTime));
    FloatImages images = new FloatImages(reader, Preprocessing.NONE, refiner, writer);
    return new Refinement<>(engine, decoders, stages, images).run(3, JobPriority.NORMAL, progress);
  }

  private static Refiner halve() {
    return refiner(
        batch -> {
          float[] pixels = batch.pixels().clone();
          for (int i = 0; i < pixels.length; i++) {
            pixels[i] /= 2;
          }
          return new ImageBatch(batch.count(), batch.shape(), pixels);
        });
  }

  private static Refiner refiner(UnaryOperator<ImageBatch> function) {
    return new Refiner() {
      @Override
      public ImageBatch refine(ImageBatch synthetic) {
        return function.apply(synthetic);
      }

      @Override
      public void close() {}
    };
  }

  /** Images with ascending numbers; reading fails from one of them on. */
  private static final class Images implements BundleReader {
    private final int count;
    private final int broken;
    private int next;

    Images(int count, int broken) {
      this.count = count;
      this.broken = broken;
    }

    @Override
    public BundleInfo info() {
      return new BundleInfo(
          BundleFormat.HDF5, SHAPE, count, BundleInfo.PixelType.FLOAT32, List.of());
    }

    @Override
    public Optional<ImageBatch> read(int max) throws BundleException {
      if (next >= broken) {
        throw new BundleException(BundleFault.UNREADABLE, "broken");
      }
      int images = Math.min(max, count - next);
      float[] pixels = new float[images];
      for (int i = 0; i < images; i++) {
        pixels[i] = next++;
      }
      return images == 0 ? Optional.empty() : Optional.of(new ImageBatch(images, SHAPE, pixels));
    }

    @Override
    public void close() {}
  }

  /** Keeps written images until the disk is full. */
  private final class Written implements BundleWriter {
    private final int room;

    Written(int room) {
      this.room = room;
    }

    @Override
    public void write(ImageBatch images) throws IOException {
      for (float pixel : images.pixels()) {
        if (written.size() == room) {
          throw new IOException("disk full");
        }
        written.add(pixel);
      }
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }
}
