/**
 * Algorithm 1 of SimGAN with its pre-training and its history buffer. Reading images, storing
 * checkpoints and computing on a device do not belong here.
 */
package io.refinery.trainer.algorithm;
