package io.refinery.registry;

/** There is no such model, version or channel; the message says which there are. */
public final class ModelNotFoundException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ModelNotFoundException(String message) {
    super(message);
  }
}
