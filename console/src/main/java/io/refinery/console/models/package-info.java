/**
 * {@code refinery models}: list, move, export and import versions; also the shipped model. Training
 * new versions belongs in {@code train}.
 */
package io.refinery.console.models;
