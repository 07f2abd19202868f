/**
 * Benchmarks of the parts, one class each, by JMH; {@code WorkerBenchmark} is the name of the one
 * of a whole worker. How to run them: {@code docs/performance.md}.
 */
package io.refinery.benchmark;
