/**
 * Immutable model versions and the channels that point to them, in an object store. Reading weights
 * and running models do not belong here.
 */
package io.refinery.registry;
