package io.refinery.status;

/** How a service is; its components are the fields of {@code /health}. */
public interface Health {

  Status status();
}
