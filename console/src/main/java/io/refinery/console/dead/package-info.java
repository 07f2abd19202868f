/**
 * {@code refinery dead}: the messages that workers and trainers gave up on, and sending jobs again.
 */
package io.refinery.console.dead;
