package io.refinery.benchmark;

/**
 * What one process measured.
 *
 * @param steps of Algorithm 1
 * @param seconds that they took
 * @param processorSeconds that the whole process computed for them, which other work on the same
 *     cores changes less
 * @param waited of the seconds, those that they waited for images
 * @param peakBytes the process's largest resident memory; 0 where the system does not tell
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
