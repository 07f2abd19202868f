package io.refinery.benchmark;

import java.util.List;
import java.util.Optional;

/**
 * The measurements of one engine, ours or a peer, that one process makes.
 *
 * @param engine the name of an engine, or of a peer in {@code peers.py}
 * @param device such as {@code cpu} or {@code cuda:0}
 * @param precision such as {@code full} or {@code half}
 * @param model folder of a version of the eyes refiner
 * @param batches batch sizes to refine, one measurement each
 * @param seconds duration of each measurement, after a warm-up of the same length
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
