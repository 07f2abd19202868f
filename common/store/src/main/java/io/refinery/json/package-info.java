/**
 * The JSON configuration that all modules share. The types that are written as JSON do not belong
 * here.
 */
package io.refinery.json;
