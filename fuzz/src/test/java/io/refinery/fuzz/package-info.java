/** Malformed input for every parser of foreign bytes. */
package io.refinery.fuzz;
