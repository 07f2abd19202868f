package io.refinery.engine.torch;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Runs computations and frees every native object that they created when they end. The garbage
 * collector does not see how much memory is behind a tensor.
 */
@SuppressWarnings("try") // Scopes and guards are never referenced; they act while open.
final class TensorScope {

  private TensorScope() {}

  static void run(Runnable computation) {
    try (PointerScope scope = new PointerScope()) {
      computation.run();
    }
  }

  /**
   * @param action what libtorch does, for the message of {@link TorchErrors}
   * @param computation must not return a native object
   */
  static <T> T get(String action, Supplier<T> computation) {
    try (PointerScope scope = new PointerScope()) {
      return TorchErrors.during(action, computation);
    }
  }

  /**
   * Returns the result of {@code computation}. The enclosing scope frees it; if there is none, the
   * caller closes it.
   *
   * @param computation returns a tensor that it created
   */
  static Tensor tensor(Supplier<Tensor> computation) {
    PointerScope enclosing = PointerScope.getInnerScope();
    try (PointerScope scope = new PointerScope()) {
      Tensor result = computation.get();
      if (enclosing == null) {
        result.retainReference();
      } else {
        enclosing.attach(result);
      }
      return result;
    }
  }

  /** Like {@link #tensor}, without recording gradients. */
  static Tensor tensorNoGrad(Supplier<Tensor> computation) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return tensor(computation);
    }
  }

  /** Like {@link #run}, without recording gradients. */
  static void runNoGrad(Runnable computation) {
    try (NoGradGuard guard = new NoGradGuard()) {
      run(computation);
    }
  }

  /** Keeps a tensor beyond its scope and returns it; the caller closes it. */
  static Tensor retain(Tensor tensor) {
    tensor.retainReference();
    return tensor;
  }
}
