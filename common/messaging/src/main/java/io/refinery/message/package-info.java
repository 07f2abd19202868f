/**
 * What the parts say to each other over Kafka: JSON in UTF-8, keyed by the id of a job or a
 * training (or by channel, for moves of channels). The published JSON Schemas lie under {@code
 * schema/} on the class path.
 */
package io.refinery.message;
