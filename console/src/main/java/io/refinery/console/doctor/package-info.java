/**
 * Tries every engine on this machine, for {@code refinery doctor} and before a service starts.
 * Selecting the engine that a service uses belongs in {@code io.refinery.engine}.
 */
package io.refinery.console.doctor;
