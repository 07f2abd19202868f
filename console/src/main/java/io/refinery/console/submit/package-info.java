/**
 * {@code refinery submit} and {@code upload}, and the client that sends jobs and awaits results.
 * Refining belongs in {@code io.refinery.worker}.
 */
package io.refinery.console.submit;
