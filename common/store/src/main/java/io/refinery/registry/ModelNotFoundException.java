package io.refinery.registry;

/** Thrown when a model, version or channel does not exist; the message lists those that do. */
public final class ModelNotFoundException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ModelNotFoundException(String message) {
    super(message);
  }
}
