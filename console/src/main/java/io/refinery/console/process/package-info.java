/**
 * Runs a program in a child JVM and reports how it ended. The programs themselves do not belong
 * here.
 */
package io.refinery.console.process;
