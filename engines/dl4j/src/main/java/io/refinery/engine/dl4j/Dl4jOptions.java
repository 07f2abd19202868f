package io.refinery.engine.dl4j;

import io.refinery.engine.EngineOptions;
import io.refinery.engine.MicroBatchSize;
import java.util.Optional;
import java.util.Set;

/**
 * The options of the engine dl4j.
 *
 * @param microBatch images that go through the network together when refining; empty to leave it to
 *     the engine
 */
record Dl4jOptions(Optional<MicroBatchSize> microBatch) {

  private static final String MICRO_BATCH = "micro-batch";

  /**
   * @throws IllegalArgumentException naming the option that is not valid
   */
  static Dl4jOptions of(EngineOptions options) {
    return new Dl4jOptions(
        options.of(Nd4jRuntime.NAME, Set.of(MICRO_BATCH)).microBatch(MICRO_BATCH));
  }
}
