package io.refinery.benchmark;

/**
 * The figures of training steps, as measured by one process.
 *
 * @param steps number of steps of Algorithm 1
 * @param seconds time that they took
 * @param processorSeconds CPU time of the whole process for them, which other load on the same
 *     cores affects less
 * @param waited the part of {@code seconds} spent waiting for images
 * @param peakBytes peak resident memory of the process; 0 if unknown
 */
record TrainingFigures(
    long steps, double seconds, double processorSeconds, double waited, long peakBytes) {

  double stepsPerSecond() {
    return steps / seconds;
  }

  double processorSecondsPerStep() {
    return processorSeconds / steps;
  }

  double waitedPercent() {
    return 100 * waited / seconds;
  }

  double peakGigabytes() {
    return peakBytes / 1e9;
  }
}
