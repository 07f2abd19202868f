/**
 * The events that a training reports to its listener. Kafka messages about trainings do not belong
 * here.
 */
package io.refinery.trainer.event;
