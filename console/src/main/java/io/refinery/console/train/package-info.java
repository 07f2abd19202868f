/**
 * {@code refinery train}, {@code trainer} and {@code trainings}, and the client for training
 * requests. Training itself belongs in {@code io.refinery.trainer}.
 */
package io.refinery.console.train;
