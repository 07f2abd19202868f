package io.refinery.engine.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.refinery.engine.EngineException;
import io.refinery.engine.MicroBatchSize;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import io.refinery.image.PixelScale;
import io.refinery.network.OnnxRefiner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * A refiner on a session of ONNX Runtime. It runs a batch in micro-batches, so that memory for
 * feature maps does not grow with the batch.
 */
final class SessionRefiner implements Refiner {

  /** Size of a usual batch, by pixels; a batch may contain several micro-batches. */
  private static final MicroBatchSize USUAL = new MicroBatchSize(USUAL_BATCH);

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Description description;
  private FloatBuffer input = direct(0);
  private FloatBuffer output = direct(0);
  private boolean closed;

  /**
   * @param name of the network in messages
   * @param padded whether to pad micro-batches to powers of two, for devices on which every new
   *     size triggers a search for the fastest algorithm
   */
  record Description(String name, int channels, MicroBatchSize microBatch, boolean padded) {}

  /**
   * Copies {@code values} values of a batch, from index {@code at} on, to or from the start of a
   * buffer.
   */
  private interface Copy {
    void run(FloatBuffer buffer, int at, int values);
  }

  private SessionRefiner(OrtEnvironment environment, OrtSession session, Description description) {
    this.environment = environment;
    this.session = session;
    this.description = description;
  }

  /**
   * Takes ownership of the session and closes it if it is not a refiner's.
   *
   * @throws EngineException if its input or output is not a refiner's
   */
  static SessionRefiner of(OrtEnvironment environment, OrtSession session, Description description)
      throws OrtException {
    SessionRefiner refiner = new SessionRefiner(environment, session, description);
    try {
      refiner.requireImages("input", OnnxRefiner.INPUT, session.getInputInfo());
      refiner.requireImages("output", OnnxRefiner.OUTPUT, session.getOutputInfo());
      return refiner;
    } catch (OrtException | EngineException e) {
      refiner.close();
      throw e;
    }
  }

  private void requireImages(String role, String name, Map<String, NodeInfo> values) {
    boolean images =
        values.size() == 1
            && values.get(name) != null
            && values.get(name).getInfo() instanceof TensorInfo tensor
            && tensor.type == OnnxJavaType.FLOAT
            && tensor.getShape().length == 4
            && tensor.getShape()[1] == description.channels();
    if (!images) {
      throw new EngineException(
          description.name()
              + " is not a refiner of "
              + description.channels()
              + " channels: its only "
              + role
              + " should be "
              + name
              + ", float batch x channels x height x width, but it has "
              + values);
    }
  }

  @Override
  public int batch(ImageShape shape) {
    return Math.max(USUAL.images(shape), description.microBatch().images(shape));
  }

  @Override
  public ImageBatch refine(ImageBatch synthetic) {
    float[] pixels = synthetic.pixels();
    float[] refined = new float[pixels.length];
    refine(
        synthetic.count(),
        synthetic.shape(),
        (buffer, at, values) -> buffer.put(0, pixels, at, values),
        (buffer, at, values) -> buffer.get(0, refined, at, values));
    return new ImageBatch(synthetic.count(), synthetic.shape(), refined);
  }

  @Override
  public LevelBatch refine(LevelBatch synthetic) {
    byte[] levels = synthetic.levels();
    byte[] refined = new byte[levels.length];
    refine(
        synthetic.count(),
        synthetic.shape(),
        (buffer, at, values) -> {
          for (int i = 0; i < values; i++) {
            buffer.put(i, PixelScale.fromByte(levels[at + i]));
          }
        },
        (buffer, at, values) -> {
          for (int i = 0; i < values; i++) {
            float pixel = buffer.get(i);
            if (Float.isNaN(pixel)) {
              throw new IllegalArgumentException("A refined pixel of " + synthetic + " is NaN");
            }
            refined[at + i] = PixelScale.toByte(pixel);
          }
        });
    return new LevelBatch(synthetic.count(), synthetic.shape(), refined);
  }

  private void refine(int count, ImageShape shape, Copy in, Copy out) {
    if (shape.channels() != description.channels()) {
      throw new EngineException(
          "%s refines %d channels, not images of %s"
              .formatted(description.name(), description.channels(), shape));
    }
    int microBatch = description.microBatch().images(shape);
    try {
      for (int from = 0; from < count; from += microBatch) {
        refineMicroBatch(from, Math.min(microBatch, count - from), shape, in, out);
      }
    } catch (OrtException e) {
      throw OrtErrors.of(
          "ONNX Runtime could not refine %d images of %s".formatted(count, shape), e);
    }
  }

  private void refineMicroBatch(int from, int count, ImageShape shape, Copy in, Copy out)
      throws OrtException {
    int images = description.padded() ? powerOfTwo(count) : count;
    int capacity = Math.multiplyExact(images, shape.values());
    if (input.capacity() < capacity) {
      input = direct(capacity);
      output = direct(capacity);
    }
    int at = from * shape.values();
    int values = count * shape.values();
    input.clear().limit(capacity);
    output.clear().limit(capacity);
    in.run(input, at, values);
    long[] sizes = {images, shape.channels(), shape.height(), shape.width()};
    try (OnnxTensor inputs = OnnxTensor.createTensor(environment, input, sizes);
        OnnxTensor outputs = OnnxTensor.createTensor(environment, output, sizes)) {
      session.run(Map.of(OnnxRefiner.INPUT, inputs), Map.of(OnnxRefiner.OUTPUT, outputs)).close();
    }
    out.run(output, at, values);
  }

  /** Returns the smallest power of two that is at least {@code count}. */
  private static int powerOfTwo(int count) {
    int below = Integer.highestOneBit(count);
    return below == count ? count : Math.multiplyExact(below, 2);
  }

  private static FloatBuffer direct(int values) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(values, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      session.close();
    } catch (OrtException e) {
      throw new EngineException(
          "ONNX Runtime could not close the session of " + description.name(), e);
    }
  }
}
