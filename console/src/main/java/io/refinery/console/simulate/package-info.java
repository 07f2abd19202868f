/** {@code refinery simulate}. Rendering belongs in {@code io.refinery.simulator}. */
package io.refinery.console.simulate;
