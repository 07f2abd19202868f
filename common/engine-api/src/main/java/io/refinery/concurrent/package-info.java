/**
 * Small helpers for threads and resources that several modules share.
 *
 * <p>Anything specific to jobs, trainings or engines does not belong here.
 */
package io.refinery.concurrent;
