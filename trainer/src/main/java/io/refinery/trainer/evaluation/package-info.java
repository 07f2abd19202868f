/**
 * Measures how good a trained refiner is on held-out images. How the results are shown, and what
 * follows from them, do not belong here.
 */
package io.refinery.trainer.evaluation;
