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

/** The scratch memory and off-heap arguments of a call to NNPACK. For one thread at a time. */
final class NnpackWorkspace implements AutoCloseable {

  final Size images = new Size();
  final Padding padding = new Padding();
  final Size filters = new Size();
  final Size stride = new Size();

  /** Size of the memory in bytes; an argument and a result of a call. */
  final LongByReference bytes = new LongByReference();

  private Tensor memory = allocate(1);

  NnpackWorkspace() {
    stride.set(1, 1);
  }

  /** Returns the scratch memory, at least 1 byte. */
  Tensor memory() {
    return memory;
  }

  /** Reallocates the memory to {@link #bytes} bytes; its content is lost. */
  void grow() {
    Tensor larger = allocate(bytes.getValue());
    memory.close();
    memory = larger;
  }

  @SuppressWarnings("try") // The scope frees tensors when it closes.
  private static Tensor allocate(long bytes) {
    try (PointerScope scope = new PointerScope()) {
      return TensorScope.retain(
          torch.empty(
              new long[] {bytes}, new TensorOptions(ScalarType.Byte), new MemoryFormatOptional()));
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
