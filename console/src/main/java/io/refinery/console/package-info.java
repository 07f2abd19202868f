/**
 * The entry point of the command line, and {@code refinery config}. Other commands belong in the
 * packages below, and what several of them share in {@code cli}.
 */
package io.refinery.console;
