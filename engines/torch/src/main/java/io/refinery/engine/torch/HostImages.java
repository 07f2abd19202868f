package io.refinery.engine.torch;

import io.refinery.image.ImageBatch;
import io.refinery.image.LevelBatch;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A batch on the Java heap that a GPU refines, with room for the result. */
sealed interface HostImages {

  /** Returns the element type of a tensor for these images. */
  ScalarType type();

  /** Copies {@code count} values, from index {@code from} on, to the start of {@code tensor}. */
  void load(int from, int count, Tensor tensor);

  /**
   * Copies the first {@code count} values of {@code tensor} to the refined values, from index
   * {@code from} on.
   */
  void store(int from, int count, Tensor tensor);

  /**
   * Converts to pixels in [-1, 1], on the tensor's device. The caller's scope frees the
   * intermediate tensors.
   */
  Tensor toPixels(Tensor tensor);

  /** The inverse of {@link #toPixels}. */
  Tensor fromPixels(Tensor pixels);

  /** Returns whether {@link #fromPixels} maps NaN to a valid value. */
  boolean losesNan();

  /** Pixels, without conversion. */
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

    /** Returns the refined values, not a copy; complete once every micro-batch is stored. */
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

  /** 8-bit levels: a quarter of the bytes to transfer to the GPU and back. */
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

    /** Returns the refined values, not a copy; complete once every micro-batch is stored. */
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
