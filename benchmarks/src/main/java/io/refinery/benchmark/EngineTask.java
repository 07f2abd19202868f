package io.refinery.benchmark;

import java.util.List;
import java.util.Optional;

/**
 * What one process is to measure of one engine, ours or a peer.
 *
 * @param engine an engine's name, or a peer's as {@code peers.py} has it
 * @param device such as {@code cpu} or {@code cuda:0}
 * @param precision such as {@code full} or {@code half}
 * @param model folder with the files of a version of the eyes refiner
 * @param batches how many images to refine at a time, one measurement for each
 * @param seconds of each measurement, after as long to warm up
 * @param training steps of Algorithm 1 to time
 */
record EngineTask(
    String engine,
    String device,
    String precision,
    String model,
    List<Integer> batches,
    double seconds,
    Optional<TrainingTask> training) {}
