package io.refinery.engine.torch;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * As many workspaces as threads compute at the same time, used again and again. Memory that came
 * and went with every layer would lie between that of other tensors and keep it from being used
 * again.
 */
final class NnpackBufferPool implements AutoCloseable {

  private final Deque<NnpackBuffers> free = new ConcurrentLinkedDeque<>();

  /** Whoever takes one gives it back. */
  NnpackBuffers take() {
    NnpackBuffers found = free.poll();
    return found == null ? new NnpackBuffers() : found;
  }

  void giveBack(NnpackBuffers workspace) {
    free.push(workspace);
  }

  @Override
  public void close() {
    for (NnpackBuffers workspace = free.poll(); workspace != null; workspace = free.poll()) {
      workspace.close();
    }
  }
}
