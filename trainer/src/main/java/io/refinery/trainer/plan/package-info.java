/**
 * The parameters of a training, their defaults, ranges and presets. Data, engine and device are not
 * part of a plan.
 */
package io.refinery.trainer.plan;
