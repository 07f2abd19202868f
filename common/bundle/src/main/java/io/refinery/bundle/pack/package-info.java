/**
 * Making bundles out of files as people have them, and turning bundles back into such files.
 * Reading and refining bundles belongs in {@code io.refinery.bundle}.
 */
package io.refinery.bundle.pack;
