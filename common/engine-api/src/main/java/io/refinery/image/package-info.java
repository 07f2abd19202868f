/**
 * Batches of images, their shape and pixel ranges, and preprocessing of their values.
 *
 * <p>Image files and their formats do not belong here.
 */
package io.refinery.image;
