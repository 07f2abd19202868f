package io.refinery.trainer;

import io.refinery.engine.EngineException;

/**
 * A training was begun by an engine that this process does not train with. Its checkpoint is as it
 * was, and another process may go on from it.
 */
public final class OtherEngineException extends EngineException {

  private static final long serialVersionUID = 1L;

  OtherEngineException(String message) {
    super(message);
  }

  OtherEngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
