/**
 * {@code refinery status}. The HTTP status of a running service belongs in {@code
 * io.refinery.status}.
 */
package io.refinery.console.status;
