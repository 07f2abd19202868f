/**
 * Benchmarks of single parts (JMH), of engines and their peers, of training, and of a whole worker.
 * {@code docs/performance.md} says how to run them.
 *
 * <p>Tests of correctness do not belong here; a benchmark only refuses to time wrong results.
 */
package io.refinery.benchmark;
