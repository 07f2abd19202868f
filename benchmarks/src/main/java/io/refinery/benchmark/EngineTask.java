package io.refinery.benchmark;

import io.refinery.engine.EngineOptions;
import java.util.List;
import java.util.Optional;

/**
 * The measurements of one engine, ours or a peer, that one process makes.
 *
 * @param engine the name of an engine, or of a peer in {@code peers.py}
 * @param device such as {@code cpu} or {@code cuda:0}
 * @param precision such as {@code full} or {@code half}
 * @param options of the engine
 * @param model folder with the files of a version of the eyes refiner
 * @param batches how many images to refine at a time, one measurement for each
 * @param seconds of each measurement, after as long to warm up
 * @param training steps of Algorithm 1 to time
 */
record EngineTask(
    String engine,
    String device,
    String precision,
    EngineOptions options,
    String model,
    List<Integer> batches,
    double seconds,
    Optional<TrainingTask> training) {}
