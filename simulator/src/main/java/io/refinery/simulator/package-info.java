/**
 * Renders images of labelled eyes: a synthetic domain, and a simulated camera's view of the same
 * eyes.
 *
 * <p>Image coordinates are in pixels from the upper left corner, x to the right and y down, so the
 * centre of the first pixel is (0.5, 0.5). Directions are unit vectors (x to the right of the
 * image, y down, z towards the camera): (0, 0, 1) looks into the camera. Eyes are measured in
 * millimetres and projected without perspective.
 *
 * <p>File formats do not belong here; the bundle module writes the images.
 */
package io.refinery.simulator;
