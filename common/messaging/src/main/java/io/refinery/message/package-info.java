/**
 * The messages of Refinery's topics: JSON in UTF-8, keyed by the id of a job or a training, or by
 * channel for moves of channels. The published JSON Schemas are under {@code schema/} on the class
 * path. Sending and receiving messages does not belong here.
 */
package io.refinery.message;
