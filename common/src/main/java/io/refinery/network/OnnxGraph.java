package io.refinery.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A graph of ONNX that is built node by node, each taking earlier nodes' outputs by name. The
 * numbers of the fields are those of github.com/onnx/onnx, onnx/onnx.proto.
 */
final class OnnxGraph {

  private static final int IR_VERSION = 8;
  private static final int OPSET_VERSION = 17;

  private static final int FLOAT_TENSOR = 1;
  private static final int INTS_ATTRIBUTE = 7;

  private final ProtobufMessage graph = new ProtobufMessage();

  OnnxGraph(String name) throws IOException {
    graph.text(2, name);
  }

  /** An image batch's shape with all sizes but the channels left open. */
  private static ProtobufMessage images(String name, int channels) throws IOException {
    ProtobufMessage shape =
        new ProtobufMessage()
            .message(1, new ProtobufMessage().text(2, "batch"))
            .message(1, new ProtobufMessage().number(1, channels))
            .message(1, new ProtobufMessage().text(2, "height"))
            .message(1, new ProtobufMessage().text(2, "width"));
    ProtobufMessage tensor = new ProtobufMessage().number(1, FLOAT_TENSOR).message(2, shape);
    return new ProtobufMessage().text(1, name).message(2, new ProtobufMessage().message(1, tensor));
  }

  void input(String name, int channels) throws IOException {
    graph.message(11, images(name, channels));
  }

  void output(String name, int channels) throws IOException {
    graph.message(12, images(name, channels));
  }

  void constant(String name, Tensor tensor) throws IOException {
    ProtobufMessage constant = new ProtobufMessage();
    for (int length : tensor.shape()) {
      constant.number(1, length);
    }
    ByteBuffer values =
        ByteBuffer.allocate(Math.multiplyExact(tensor.values().length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    values.asFloatBuffer().put(tensor.values());
    graph.message(5, constant.number(2, FLOAT_TENSOR).text(8, name).bytes(9, values.array()));
  }

  /** A convolution of stride 1 whose output is as large as its input; {@code side} is odd. */
  void convolution(String input, String weights, int side, String output) throws IOException {
    int pad = side / 2;
    ProtobufMessage node =
        node("Conv", List.of(input, weights + ".weight", weights + ".bias"), output)
            .message(5, integers("kernel_shape", side, side))
            .message(5, integers("strides", 1, 1))
            .message(5, integers("pads", pad, pad, pad, pad));
    graph.message(1, node);
  }

  /** A node without attributes, such as {@code Relu}. */
  void operation(String type, List<String> inputs, String output) throws IOException {
    graph.message(1, node(type, inputs, output));
  }

  private static ProtobufMessage node(String type, List<String> inputs, String output)
      throws IOException {
    ProtobufMessage node = new ProtobufMessage();
    for (String input : inputs) {
      node.text(1, input);
    }
    return node.text(2, output).text(3, output).text(4, type);
  }

  private static ProtobufMessage integers(String name, int... values) throws IOException {
    ProtobufMessage attribute = new ProtobufMessage().text(1, name);
    for (int value : values) {
      attribute.number(8, value);
    }
    return attribute.number(20, INTS_ATTRIBUTE);
  }

  /** The whole model's file. */
  byte[] toModel() throws IOException {
    return new ProtobufMessage()
        .number(1, IR_VERSION)
        .text(2, "refinery")
        .message(7, graph)
        .message(8, new ProtobufMessage().text(1, "").number(2, OPSET_VERSION))
        .toByteString()
        .toByteArray();
  }
}
