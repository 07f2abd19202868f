package io.refinery.engine.onnx;

import io.refinery.engine.EngineOptions;
import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.OptionReader;
import java.util.Optional;
import java.util.Set;

/**
 * The options of the engine onnx; what is empty is left to the engine.
 *
 * @param threads that refine on a CPU, at least 1
 * @param spinning whether these threads busy-wait while a batch is refined
 * @param microBatch images that go through the network together
 * @param tensorRt whether TensorRT computes on a GPU
 * @param channelsLast whether the channels come last in a GPU's memory
 */
record OnnxOptions(
    Optional<Integer> threads,
    Optional<Boolean> spinning,
    Optional<MicroBatchSize> microBatch,
    Optional<Boolean> tensorRt,
    Optional<Boolean> channelsLast) {

  private static final String THREADS = "threads";
  private static final String SPINNING = "spinning";
  private static final String MICRO_BATCH = "micro-batch";
  private static final String TENSORRT = "tensorrt";
  private static final String CHANNELS_LAST = "channels-last";

  private static final Set<String> NAMES =
      Set.of(THREADS, SPINNING, MICRO_BATCH, TENSORRT, CHANNELS_LAST);

  /**
   * @throws IllegalArgumentException naming the option that is not valid
   */
  static OnnxOptions of(EngineOptions options) {
    OptionReader own = options.of(OnnxRefiningEngine.NAME, NAMES);
    return new OnnxOptions(
        own.count(THREADS),
        own.toggle(SPINNING),
        own.microBatch(MICRO_BATCH),
        own.toggle(TENSORRT),
        own.toggle(CHANNELS_LAST));
  }
}
