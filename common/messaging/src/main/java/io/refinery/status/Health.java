package io.refinery.status;

/** The health of a service; the components of the record are the fields of {@code /health}. */
public interface Health {

  Status status();
}
