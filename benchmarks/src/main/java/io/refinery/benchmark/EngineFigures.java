package io.refinery.benchmark;

import java.util.Map;
import java.util.Optional;

/**
 * The figures of one engine, as measured by one process.
 *
 * @param description the engine and its version
 * @param imagesPerSecond images refined per second, by batch size
 * @param training figures of Algorithm 1's steps, if it trains
 * @param gigaflops rate of a matrix product on the device in the same precision, in GFLOP/s; 0 if
 *     not measured
 * @param peakBytes peak resident memory of the process; 0 if unknown
 * @param deviceBytes peak GPU memory; 0 on a CPU
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
