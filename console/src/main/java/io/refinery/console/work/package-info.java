/**
 * {@code refinery worker}, and the factory that starts a worker from settings. Taking and refining
 * jobs belongs in {@code io.refinery.worker}.
 */
package io.refinery.console.work;
