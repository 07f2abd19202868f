/**
 * {@code refinery up}: broker, store, worker and trainer together on one machine. Starting a worker
 * or a trainer by itself belongs in {@code work} and {@code train}.
 */
package io.refinery.console.local;
