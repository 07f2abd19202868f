/**
 * What a service tells about itself: labels of log lines, spans of traces, and the registry of
 * metrics. Which metrics there are belongs to each service.
 */
package io.refinery.telemetry;
