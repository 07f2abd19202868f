package io.refinery.engine.torch;

import io.refinery.image.ImageBatch;
import io.refinery.image.LevelBatch;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The images of a batch for a GPU, on the heap, and room for what they are refined to. */
sealed interface HostImages {

  /** What a tensor for them holds. */
  ScalarType type();

  /** Copies {@code count} values from number {@code from} on to the start of {@code tensor}. */
  void load(int from, int count, Tensor tensor);

  /** Copies what the start of {@code tensor} holds to the refined values likewise. */
  void store(int from, int count, Tensor tensor);

  /** Pixels in [-1, 1], on the tensor's device. The caller's scope frees what lies between. */
  Tensor toPixels(Tensor tensor);

  /** The way back. */
  Tensor fromPixels(Tensor pixels);

  /** Whether {@link #fromPixels} cannot tell a pixel of NaN from others. */
  boolean losesNan();

  /** Pixels as they are. */
  final class Pixels implements HostImages {

    private final float[] synthetic;
    private final float[] refined;

    private Pixels(float[] synthetic) {
      this.synthetic = synthetic;
      refined = new float[synthetic.length];
    }

    static Pixels of(ImageBatch batch) {
      return new Pixels(batch.pixels());
    }

    /** All of them, once everything is stored; not a copy. */
    float[] refined() {
      return refined;
    }

    @Override
    public ScalarType type() {
      return ScalarType.Float;
    }

    @Override
    public void load(int from, int count, Tensor tensor) {
      try (FloatPointer values = tensor.data_ptr_float()) {
        values.put(synthetic, from, count);
      }
    }

    @Override
    public void store(int from, int count, Tensor tensor) {
      try (FloatPointer values = tensor.data_ptr_float()) {
        values.get(refined, from, count);
      }
    }

    @Override
    public Tensor toPixels(Tensor tensor) {
      return tensor;
    }

    @Override
    public boolean losesNan() {
      return false;
    }

    @Override
    public Tensor fromPixels(Tensor pixels) {
      return pixels;
    }
  }

  /** 8-bit levels: a quarter of the bytes on their way to a GPU and back. */
  final class Levels8 implements HostImages {

    private final byte[] synthetic;
    private final byte[] refined;

    private Levels8(byte[] synthetic) {
      this.synthetic = synthetic;
      refined = new byte[synthetic.length];
    }

    static Levels8 of(LevelBatch batch) {
      return new Levels8(batch.levels());
    }

    /** All of them, once everything is stored; not a copy. */
    byte[] refined() {
      return refined;
    }

    @Override
    public ScalarType type() {
      return ScalarType.Byte;
    }

    @Override
    public void load(int from, int count, Tensor tensor) {
      try (BytePointer values = tensor.data_ptr_byte()) {
        values.put(synthetic, from, count);
      }
    }

    @Override
    public void store(int from, int count, Tensor tensor) {
      try (BytePointer values = tensor.data_ptr_byte()) {
        values.get(refined, from, count);
      }
    }

    @Override
    public Tensor toPixels(Tensor tensor) {
      return LevelScale.toPixels(tensor);
    }

    @Override
    public boolean losesNan() {
      return true;
    }

    @Override
    public Tensor fromPixels(Tensor pixels) {
      return LevelScale.fromPixels(pixels);
    }
  }
}
