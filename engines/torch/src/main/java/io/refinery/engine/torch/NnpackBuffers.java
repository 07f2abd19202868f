package io.refinery.engine.torch;

import com.sun.jna.ptr.LongByReference;
import io.refinery.engine.torch.Nnpack.Padding;
import io.refinery.engine.torch.Nnpack.Size;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What a call of NNPACK needs besides images and weights: memory to compute in, and arguments that
 * lie outside the heap. For one thread at a time.
 */
final class NnpackBuffers implements AutoCloseable {

  final Size images = new Size();
  final Padding padding = new Padding();
  final Size filters = new Size();
  final Size stride = new Size();

  /** Of the memory, as NNPACK is told it or tells it. */
  final LongByReference bytes = new LongByReference();

  private Tensor memory = allocate(1);

  NnpackBuffers() {
    stride.set(1, 1);
  }

  /** The memory, of at least 1 byte. */
  Tensor memory() {
    return memory;
  }

  /** Makes room for what {@link #bytes} tells, and forgets what the memory held. */
  void grow() {
    Tensor larger = allocate(bytes.getValue());
    memory.close();
    memory = larger;
  }

  @SuppressWarnings("try") // A scope works by being open.
  private static Tensor allocate(long bytes) {
    try (PointerScope scope = new PointerScope()) {
      return Scoped.kept(
          torch.empty(
              new long[] {bytes}, new TensorOptions(ScalarType.Byte), new MemoryFormatOptional()));
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
