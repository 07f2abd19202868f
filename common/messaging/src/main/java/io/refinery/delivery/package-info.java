/**
 * One delivery of a request from its message to its settled result: take, claim, work, settle,
 * retry, give back. What the work is, and what a result looks like, belongs to each service.
 */
package io.refinery.delivery;
