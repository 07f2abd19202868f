/**
 * Runs one training from a request to a published version. Its parts belong in the packages below,
 * and messages and delivery in {@code service}.
 */
package io.refinery.trainer;
