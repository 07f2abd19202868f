package io.refinery.engine.torch;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Memory that NNPACK computes in, one for each thread that computes at the same time. It is used
 * again and again: memory that is given back after every layer may go back to the system.
 */
final class Workspaces implements AutoCloseable {

  private final Deque<Tensor> free = new ConcurrentLinkedDeque<>();

  /** Of at least 1 byte; whoever takes it gives it back. */
  Tensor take() {
    Tensor found = free.poll();
    return found == null ? Scoped.kept(of(1)) : found;
  }

  void giveBack(Tensor workspace) {
    free.push(workspace);
  }

  /** One of {@code bytes} in the place of one that is too small. */
  static Tensor larger(Tensor small, long bytes) {
    Tensor large = Scoped.kept(of(bytes));
    small.close();
    return large;
  }

  /** One that the scope frees that it is made in. */
  static Tensor of(long bytes) {
    return torch.empty(
        new long[] {bytes}, new TensorOptions(ScalarType.Byte), new MemoryFormatOptional());
  }

  @Override
  public void close() {
    for (Tensor workspace = free.poll(); workspace != null; workspace = free.poll()) {
      workspace.close();
    }
  }
}
