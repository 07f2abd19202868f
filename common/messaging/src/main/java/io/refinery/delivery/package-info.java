/**
 * Takes each delivery of a request from its message to its only result, with retries, outages and
 * stops. The work itself and the form of a result do not belong here, but to each service.
 */
package io.refinery.delivery;
