/**
 * A broker and an object store for tests, and helpers for tests that need other processes.
 *
 * <p>Tests and assertions of single modules do not belong here.
 */
package io.refinery.testkit;
