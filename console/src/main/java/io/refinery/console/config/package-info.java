/**
 * Reads and checks the settings, and finds a running {@code refinery up}. Opening connections with
 * them belongs in {@code connection}.
 */
package io.refinery.console.config;
