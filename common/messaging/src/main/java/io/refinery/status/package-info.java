/**
 * The state of a running service: health and metrics over HTTP, and the threads that its health
 * depends on. What a service does belongs elsewhere.
 */
package io.refinery.status;
