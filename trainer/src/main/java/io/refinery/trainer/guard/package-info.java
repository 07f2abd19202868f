/**
 * Checks a running training for divergence, collapse and other failures. Stopping the training and
 * measuring its quality do not belong here.
 */
package io.refinery.trainer.guard;
