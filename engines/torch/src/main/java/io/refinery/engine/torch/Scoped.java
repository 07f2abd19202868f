package io.refinery.engine.torch;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Computations that free, when they end, every native object that they made: nothing is left to the
 * garbage collector, which does not see how much lies behind a tensor.
 */
@SuppressWarnings("try") // What is opened here works by being open.
final class Scoped {

  private Scoped() {}

  static void run(Runnable computation) {
    try (PointerScope scope = new PointerScope()) {
      computation.run();
    }
  }

  /**
   * @param action what libtorch is asked for, for the message of {@link TorchErrors}
   * @param computation returns nothing native
   */
  static <T> T get(String action, Supplier<T> computation) {
    try (PointerScope scope = new PointerScope()) {
      return TorchErrors.during(action, computation);
    }
  }

  /**
   * What {@code computation} returns: freed with the computation around, if there is one, or else
   * by whoever asked for it.
   *
   * @param computation returns a tensor that it made
   */
  static Tensor tensor(Supplier<Tensor> computation) {
    PointerScope around = PointerScope.getInnerScope();
    try (PointerScope scope = new PointerScope()) {
      Tensor result = computation.get();
      if (around == null) {
        result.retainReference();
      } else {
        around.attach(result);
      }
      return result;
    }
  }

  /** The same for a computation that no gradient is taken of. */
  static Tensor tensorWithoutGradient(Supplier<Tensor> computation) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return tensor(computation);
    }
  }

  /** The same as {@link #run} for a computation that no gradient is taken of. */
  static void runWithoutGradient(Runnable computation) {
    try (NoGradGuard guard = new NoGradGuard()) {
      run(computation);
    }
  }

  /** A tensor that outlives the computation: whoever keeps it closes it. */
  static Tensor kept(Tensor tensor) {
    tensor.retainReference();
    return tensor;
  }
}
