package io.refinery.trainer;

import io.refinery.engine.EngineException;

/**
 * Thrown when a training was started by an engine that this process cannot use. Its checkpoint is
 * unchanged, and another process may resume it.
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
