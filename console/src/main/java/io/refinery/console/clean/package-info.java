/** {@code refinery clean}. The rule of what is removed belongs in {@code io.refinery.worker}. */
package io.refinery.console.clean;
