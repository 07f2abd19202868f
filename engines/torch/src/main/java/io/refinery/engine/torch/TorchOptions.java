package io.refinery.engine.torch;

import io.refinery.engine.EngineOptions;
import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.OptionReader;
import java.util.Optional;
import java.util.Set;

/**
 * The options of the engine torch; what is empty is left to the engine.
 *
 * @param threads of a refiner on the CPU, at least 1
 * @param microBatch images that are refined at once
 * @param convolution how the CPU convolves
 * @param channelsLast on a GPU, whether feature maps lie channels last, as tensor cores want them
 * @param cudnnBenchmark whether cuDNN tries its algorithms out on every new shape when refining
 * @param pinnedMemory whether images go to a GPU from memory that the system does not page out
 * @param overlapCopies whether images of one micro-batch are copied while a GPU computes another
 * @param cudaGraphs whether a micro-batch's computation is recorded once and replayed, as a CUDA
 *     graph
 * @param fusedConvolutions on a GPU, whether bias, sum and ReLU of a block come with their
 *     convolution
 * @param trainingTf32 on a GPU, whether training multiplies 10-bit mantissas, NVIDIA's TF32: faster
 *     from compute capability 8.0 on, gradients off by about a thousandth. Otherwise 32-bit floats
 *     throughout, though libtorch by itself would have convolutions in TF32
 * @param trainingDeterministic on a GPU, whether training uses only algorithms that give the same
 *     bits every time, so that a resumed training continues bit for bit. Otherwise cuDNN tries its
 *     algorithms for each shape and takes the fastest
 */
record TorchOptions(
    Optional<Integer> threads,
    Optional<MicroBatchSize> microBatch,
    Optional<ConvolutionKind> convolution,
    boolean channelsLast,
    boolean cudnnBenchmark,
    boolean pinnedMemory,
    boolean overlapCopies,
    boolean cudaGraphs,
    boolean fusedConvolutions,
    boolean trainingTf32,
    boolean trainingDeterministic) {

  private static final String THREADS = "threads";
  private static final String MICRO_BATCH = "micro-batch";
  private static final String CONVOLUTION = "convolution";
  private static final String CHANNELS_LAST = "channels-last";
  private static final String CUDNN_BENCHMARK = "cudnn-benchmark";
  private static final String PINNED_MEMORY = "pinned-memory";
  private static final String OVERLAP_COPIES = "overlap-copies";
  private static final String CUDA_GRAPHS = "cuda-graphs";
  private static final String FUSED_CONVOLUTIONS = "fused-convolutions";
  private static final String TRAINING_TF32 = "training-tf32";
  private static final String TRAINING_DETERMINISTIC = "training-deterministic";

  /** The option's full name, for messages. */
  static final String CONVOLUTION_SETTING =
      EngineOptions.PREFIX + TorchRuntime.NAME + "." + CONVOLUTION;

  private static final Set<String> NAMES =
      Set.of(
          THREADS,
          MICRO_BATCH,
          CONVOLUTION,
          CHANNELS_LAST,
          CUDNN_BENCHMARK,
          PINNED_MEMORY,
          OVERLAP_COPIES,
          CUDA_GRAPHS,
          FUSED_CONVOLUTIONS,
          TRAINING_TF32,
          TRAINING_DETERMINISTIC);

  static final TorchOptions DEFAULTS = of(EngineOptions.DEFAULTS);

  /**
   * @throws IllegalArgumentException naming the option that is not valid
   */
  static TorchOptions of(EngineOptions options) {
    OptionReader own = options.of(TorchRuntime.NAME, NAMES);
    return new TorchOptions(
        own.count(THREADS),
        own.microBatch(MICRO_BATCH),
        own.choice(CONVOLUTION, ConvolutionKind.class),
        own.flag(CHANNELS_LAST, true),
        own.flag(CUDNN_BENCHMARK, true),
        own.flag(PINNED_MEMORY, true),
        own.flag(OVERLAP_COPIES, true),
        own.flag(CUDA_GRAPHS, false),
        own.flag(FUSED_CONVOLUTIONS, false),
        own.flag(TRAINING_TF32, false),
        own.flag(TRAINING_DETERMINISTIC, true));
  }
}
