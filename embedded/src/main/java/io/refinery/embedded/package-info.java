/**
 * A real Kafka broker and a real S3 server in a child JVM, for tests and for trying Refinery out.
 *
 * <p>Clients of these servers, and settings for production, do not belong here.
 */
package io.refinery.embedded;
