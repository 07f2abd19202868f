package io.refinery.trainer;

import io.refinery.engine.EngineException;

/**
 * A training was begun by an engine that this process does not train with. Its checkpoint is as it
 * was, and another process may go on from it.
 */
public final class EngineMismatchException extends EngineException {

  private static final long serialVersionUID = 1L;

  EngineMismatchException(String message) {
    super(message);
  }

  EngineMismatchException(String message, Throwable cause) {
    super(message, cause);
  }
}
