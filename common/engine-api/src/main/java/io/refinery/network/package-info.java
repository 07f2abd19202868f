/**
 * Networks as data: their architecture, their weights, and the file formats of refiners.
 *
 * <p>Running or training a network does not belong here; engines do that.
 */
package io.refinery.network;
