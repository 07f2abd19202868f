/**
 * Arrays in files of NumPy and MATLAB, read whole. How they become images and labels belongs in
 * {@code io.refinery.bundle.pack}.
 */
package io.refinery.bundle.array;
