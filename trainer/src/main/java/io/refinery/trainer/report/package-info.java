/**
 * Writes losses, previews and evaluations as files for people and programs. Measuring what they
 * show does not belong here.
 */
package io.refinery.trainer.report;
