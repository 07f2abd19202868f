package io.refinery.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * An ONNX graph that is built node by node; each node takes earlier nodes' outputs by name. Field
 * numbers are from github.com/onnx/onnx, onnx/onnx.proto.
 */
final class OnnxGraph {

  private static final int IR_VERSION = 8;
  private static final int OPSET_VERSION = 17;

  /** The type of a tensor's values. */
  enum Element {
    FLOAT(1, Float.BYTES),
    HALF(10, Short.BYTES);

    private final int number;
    private final int size;

    /**
     * Creates a type.
     *
     * @param number its number in onnx.proto
     * @param size bytes per value
     */
    Element(int number, int size) {
      this.number = number;
      this.size = size;
    }
  }

  private static final int INT_ATTRIBUTE = 2;
  private static final int INTS_ATTRIBUTE = 7;

  private final ProtobufMessage graph = new ProtobufMessage();

  OnnxGraph(String name) throws IOException {
    graph.text(2, name);
  }

  /** Returns the shape of an image batch in which only the channels are fixed. */
  private static ProtobufMessage images(String name, int channels) throws IOException {
    ProtobufMessage shape =
        new ProtobufMessage()
            .message(1, new ProtobufMessage().text(2, "batch"))
            .message(1, new ProtobufMessage().number(1, channels))
            .message(1, new ProtobufMessage().text(2, "height"))
            .message(1, new ProtobufMessage().text(2, "width"));
    ProtobufMessage tensor =
        new ProtobufMessage().number(1, Element.FLOAT.number).message(2, shape);
    return new ProtobufMessage().text(1, name).message(2, new ProtobufMessage().message(1, tensor));
  }

  void input(String name, int channels) throws IOException {
    graph.message(11, images(name, channels));
  }

  void output(String name, int channels) throws IOException {
    graph.message(12, images(name, channels));
  }

  /** Adds a tensor, unchanged or rounded to half precision. */
  void constant(String name, Tensor tensor, Element element) throws IOException {
    ProtobufMessage constant = new ProtobufMessage();
    for (int length : tensor.shape()) {
      constant.number(1, length);
    }
    ByteBuffer values =
        ByteBuffer.allocate(Math.multiplyExact(tensor.values().length, element.size))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float value : tensor.values()) {
      if (element == Element.HALF) {
        values.putShort(HalfFloat.of(value));
      } else {
        values.putFloat(value);
      }
    }
    graph.message(5, constant.number(2, element.number).text(8, name).bytes(9, values.array()));
  }

  /** Adds a convolution of stride 1 that keeps the size of its input; {@code side} is odd. */
  void convolution(String input, String weights, int side, String output) throws IOException {
    int pad = side / 2;
    ProtobufMessage node =
        node("Conv", List.of(input, weights + ".weight", weights + ".bias"), output)
            .message(5, integers("kernel_shape", side, side))
            .message(5, integers("strides", 1, 1))
            .message(5, integers("pads", pad, pad, pad, pad));
    graph.message(1, node);
  }

  /** Adds a node without attributes, such as {@code Relu}. */
  void operation(String type, List<String> inputs, String output) throws IOException {
    graph.message(1, node(type, inputs, output));
  }

  void cast(String input, Element to, String output) throws IOException {
    ProtobufMessage attribute =
        new ProtobufMessage().text(1, "to").number(3, to.number).number(20, INT_ATTRIBUTE);
    graph.message(1, node("Cast", List.of(input), output).message(5, attribute));
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

  /** Returns the complete model file. */
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
