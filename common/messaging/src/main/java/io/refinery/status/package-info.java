/** What a running service shows over HTTP. */
package io.refinery.status;
