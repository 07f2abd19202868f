package io.refinery.engine.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.refinery.engine.EngineException;
import io.refinery.engine.Refiner;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.network.OnnxRefiner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * A session of ONNX Runtime that refines. A batch goes through it in parts, so that the memory for
 * feature maps does not grow with the batch.
 */
final class SessionRefiner implements Refiner {

  /** Pixels of one part: 32 eyes of 55x35. Larger ones are no faster. */
  private static final int PART_PIXELS = 32 * 55 * 35;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final int channels;
  private final Path file;
  private FloatBuffer input = direct(0);
  private FloatBuffer output = direct(0);
  private boolean closed;

  private SessionRefiner(OrtEnvironment environment, OrtSession session, int channels, Path file) {
    this.environment = environment;
    this.session = session;
    this.channels = channels;
    this.file = file;
  }

  /**
   * Takes the session over, and closes it where it is none of a refiner.
   *
   * @throws EngineException where its input or output is not a refiner's
   */
  static SessionRefiner of(OrtEnvironment environment, OrtSession session, int channels, Path file)
      throws OrtException {
    SessionRefiner refiner = new SessionRefiner(environment, session, channels, file);
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
            && tensor.getShape()[1] == channels;
    if (!images) {
      throw new EngineException(
          file
              + " is no refiner of "
              + channels
              + " channels: its only "
              + role
              + " would be "
              + name
              + ", float batch x channels x height x width, and it has "
              + values);
    }
  }

  @Override
  public ImageBatch refine(ImageBatch synthetic) {
    ImageShape shape = synthetic.shape();
    if (shape.channels() != channels) {
      throw new EngineException(file + " refines " + channels + " channels, not " + synthetic);
    }
    float[] refined = new float[synthetic.pixels().length];
    int part = Math.max(1, PART_PIXELS / (shape.height() * shape.width()));
    try {
      for (int from = 0; from < synthetic.count(); from += part) {
        int count = Math.min(part, synthetic.count() - from);
        refinePart(synthetic, from, count, refined);
      }
    } catch (OrtException e) {
      throw new EngineException(
          "ONNX Runtime could not refine " + synthetic + ": " + e.getMessage(), e);
    }
    return new ImageBatch(synthetic.count(), shape, refined);
  }

  private void refinePart(ImageBatch synthetic, int from, int count, float[] refined)
      throws OrtException {
    ImageShape shape = synthetic.shape();
    int at = from * shape.values();
    int values = count * shape.values();
    if (input.capacity() < values) {
      input = direct(values);
      output = direct(values);
    }
    input.clear().put(synthetic.pixels(), at, values).flip();
    output.clear().limit(values);
    long[] sizes = {count, shape.channels(), shape.height(), shape.width()};
    try (OnnxTensor images = OnnxTensor.createTensor(environment, input, sizes);
        OnnxTensor results = OnnxTensor.createTensor(environment, output, sizes)) {
      session.run(Map.of(OnnxRefiner.INPUT, images), Map.of(OnnxRefiner.OUTPUT, results)).close();
      output.get(refined, at, values);
    }
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
      throw new EngineException("ONNX Runtime could not close its session of " + file, e);
    }
  }
}
