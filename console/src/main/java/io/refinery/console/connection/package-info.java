/**
 * Opens the object store and Kafka clients from the settings. What commands read and send over them
 * belongs in the packages of those commands.
 */
package io.refinery.console.connection;
