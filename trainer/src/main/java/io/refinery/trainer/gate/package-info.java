/**
 * Decides by a version's metrics which channels move after its publication. Measuring these metrics
 * does not belong here.
 */
package io.refinery.trainer.gate;
