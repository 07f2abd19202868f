/**
 * The interfaces that engines implement, and what it takes to find, choose and check an engine.
 *
 * <p>Implementations do not belong here, nor does anything of Kafka, storage or bundles.
 */
package io.refinery.engine;
