/** {@code refinery demo}. Code that other commands also need does not belong here. */
package io.refinery.console.demo;
