package io.refinery.benchmark;

import java.util.Map;
import java.util.Optional;

/**
 * What one process measured of one engine.
 *
 * @param description of the engine, with its version
 * @param imagesPerSecond refined, by batch size
 * @param training steps of Algorithm 1, where it trains
 * @param gigaflops of the device's own matrix product in the same precision; 0 where not measured
 * @param peakBytes the process's largest resident memory; 0 where the system does not tell
 * @param deviceBytes the most memory of its GPU that was taken; 0 on a processor
 */
record EngineFigures(
    String description,
    Map<Integer, Double> imagesPerSecond,
    Optional<TrainingFigures> training,
    double gigaflops,
    long peakBytes,
    long deviceBytes) {

  EngineFigures withDevice(long bytes) {
    return new EngineFigures(description, imagesPerSecond, training, gigaflops, peakBytes, bytes);
  }
}
