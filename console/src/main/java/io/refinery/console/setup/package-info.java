/**
 * {@code refinery setup}: what a broker and a store need before services start. What a service
 * checks or creates for itself belongs in its own module.
 */
package io.refinery.console.setup;
