/**
 * Options, progress bars, error messages and signal handling that several commands share. Commands
 * do not belong here.
 */
package io.refinery.console.cli;
