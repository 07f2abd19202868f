/**
 * {@code refinery bundle}: checks bundles, and makes them of other files. What a bundle is belongs
 * in {@code io.refinery.bundle}.
 */
package io.refinery.console.bundle;
