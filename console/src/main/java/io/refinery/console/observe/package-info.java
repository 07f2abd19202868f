/**
 * What the settings say about logs and traces of a process. The labels and spans themselves belong
 * to {@code io.refinery.telemetry} and to the services.
 */
package io.refinery.console.observe;
