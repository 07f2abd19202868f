/**
 * Health and metrics of a running service over HTTP, and the threads that its health depends on.
 * What the service itself does, does not belong here.
 */
package io.refinery.status;
