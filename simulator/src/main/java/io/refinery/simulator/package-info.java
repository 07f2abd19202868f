/**
 * Renders labelled eyes: a synthetic domain, and a simulated camera's view of the same eyes.
 *
 * <p>Pictures are measured in pixels from their upper left corner, x to the right and y down, so
 * that the centre of the first pixel is (0.5, 0.5). Directions are unit vectors (x to the right of
 * the picture, y down, z towards the camera): (0, 0, 1) looks into the camera. Eyes are measured in
 * millimetres and seen without perspective.
 */
package io.refinery.simulator;
