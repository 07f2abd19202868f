package io.refinery.engine.torch;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A pool of workspaces, one per thread that computes at the same time. Allocating one per layer
 * would fragment the memory between other tensors and keep it from being reused.
 */
final class NnpackWorkspacePool implements AutoCloseable {

  private final Deque<NnpackWorkspace> free = new ConcurrentLinkedDeque<>();

  /** Takes a workspace; the caller gives it back. */
  NnpackWorkspace take() {
    NnpackWorkspace found = free.poll();
    return found == null ? new NnpackWorkspace() : found;
  }

  void giveBack(NnpackWorkspace workspace) {
    free.push(workspace);
  }

  @Override
  public void close() {
    for (NnpackWorkspace workspace = free.poll(); workspace != null; workspace = free.poll()) {
      workspace.close();
    }
  }
}
