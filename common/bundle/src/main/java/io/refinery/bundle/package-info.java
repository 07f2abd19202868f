/**
 * Reading, writing and checking bundles: files of images and their labels, as HDF5 or ZIP.
 *
 * <p>Where bundles are stored and what is done with their images does not belong here.
 */
package io.refinery.bundle;
