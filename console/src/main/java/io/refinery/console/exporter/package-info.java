/**
 * {@code refinery exporter}: serves what waits on the broker, for monitoring and scaling. Reading
 * the broker belongs in {@code io.refinery.broker}.
 */
package io.refinery.console.exporter;
