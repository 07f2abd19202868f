package io.refinery.network;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inspects the file as plain protocol buffers; the engines' tests run it. */
class OnnxRefinerTest {

  private static final RefinerNetwork TINY = new RefinerNetwork(3, 5, 2, 2);

  @TempDir Path folder;

  @Test
  void theModelIsOpset17AndIr8() throws IOException {
    UnknownFieldSet model = model(TINY, random(TINY));
    assertThat(model.getField(1).getVarintList()).containsExactly(8L);
    UnknownFieldSet opset = message(model, 8);
    assertThat(text(opset, 1)).isEmpty();
    assertThat(opset.getField(2).getVarintList()).containsExactly(17L);
  }

  @Test
  void everyWeightIsStoredUnderItsNameBitForBit() throws IOException {
    Weights weights = random(TINY);
    Map<String, UnknownFieldSet> constants = named(graph(TINY, weights), 5, 8);

    assertThat(constants.keySet()).containsExactlyElementsOf(weights.tensors().keySet());
    constants.forEach(
        (name, constant) -> {
          Tensor tensor = weights.tensor(name);
          assertThat(constant.getField(1).getVarintList().stream().map(Long::intValue))
              .containsExactlyElementsOf(tensor.shape());
          assertThat(floats(constant.getField(9).getLengthDelimitedList().get(0)))
              .isEqualTo(FloatBuffer.wrap(tensor.values()));
        });
  }

  @Test
  void onlyTheChannelsAreFixed() throws IOException {
    UnknownFieldSet graph = graph(TINY, random(TINY));
    for (int field : new int[] {11, 12}) {
      UnknownFieldSet value = message(graph, field);
      assertThat(text(value, 1)).isEqualTo(field == 11 ? "synthetic" : "refined");
      UnknownFieldSet shape = message(message(message(value, 2), 1), 2);
      List<UnknownFieldSet> sizes = messages(shape, 1);
      assertThat(sizes).hasSize(4);
      assertThat(text(sizes.get(0), 2)).isEqualTo("batch");
      assertThat(sizes.get(1).getField(1).getVarintList()).containsExactly(3L);
      assertThat(text(sizes.get(2), 2)).isEqualTo("height");
      assertThat(text(sizes.get(3), 2)).isEqualTo("width");
    }
  }

  @Test
  void everyConvolutionStatesItsPaddingAndOnlyTheLastHasNone() throws IOException {
    for (UnknownFieldSet node : messages(graph(TINY, random(TINY)), 1)) {
      if (!text(node, 4).equals("Conv")) {
        continue;
      }
      long pad = text(node, 2).equals("conv_out") ? 0 : 2;
      UnknownFieldSet pads = named(node, 5, 1).get("pads");
      assertThat(pads.getField(8).getVarintList()).containsExactly(pad, pad, pad, pad);
    }
  }

  @Test
  void everyNodeTakesOutputsOfEarlierNodes() throws IOException {
    UnknownFieldSet graph = graph(TINY, random(TINY));
    Map<String, UnknownFieldSet> known = named(graph, 5, 8);
    known.put("synthetic", graph);
    for (UnknownFieldSet node : messages(graph, 1)) {
      for (ByteString input : node.getField(1).getLengthDelimitedList()) {
        assertThat(known).containsKey(input.toStringUtf8());
      }
      assertThat(known.put(text(node, 2), node)).isNull();
    }
    assertThat(known).containsKey("refined");
  }

  @Test
  void inHalfPrecisionWeightsAreHalvesAndImagesRemainFloats() throws IOException {
    Weights weights = random(TINY);
    Path file = folder.resolve("half.onnx");
    OnnxRefiner.writeHalf(TINY, weights, file);
    UnknownFieldSet graph = message(UnknownFieldSet.parseFrom(Files.readAllBytes(file)), 7);

    Map<String, UnknownFieldSet> constants = named(graph, 5, 8);
    assertThat(constants.keySet()).containsExactlyElementsOf(weights.tensors().keySet());
    constants.forEach(
        (name, constant) -> {
          assertThat(constant.getField(2).getVarintList()).containsExactly(10L);
          ByteBuffer halves =
              constant.getField(9).getLengthDelimitedList().get(0).asReadOnlyByteBuffer();
          halves.order(ByteOrder.LITTLE_ENDIAN);
          for (float value : weights.tensor(name).values()) {
            assertThat(halves.getShort()).isEqualTo(HalfFloat.of(value));
          }
          assertThat(halves.hasRemaining()).isFalse();
        });
    for (int field : new int[] {11, 12}) {
      UnknownFieldSet tensor = message(message(message(graph, field), 2), 1);
      assertThat(tensor.getField(1).getVarintList()).containsExactly(1L);
    }
    assertThat(messages(graph, 1).stream().filter(node -> text(node, 4).equals("Cast"))).hasSize(2);
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                OnnxRefiner.write(
                    RefinerNetwork.eyes(), random(TINY), folder.resolve("refiner.onnx")))
        .withMessageContaining("conv_in.weight");
    assertThat(folder).isEmptyDirectory();
  }

  private UnknownFieldSet graph(RefinerNetwork network, Weights weights) throws IOException {
    return message(model(network, weights), 7);
  }

  private UnknownFieldSet model(RefinerNetwork network, Weights weights) throws IOException {
    Path file = folder.resolve("refiner.onnx");
    OnnxRefiner.write(network, weights, file);
    return UnknownFieldSet.parseFrom(Files.readAllBytes(file));
  }

  private static UnknownFieldSet message(UnknownFieldSet of, int field) {
    return messages(of, field).get(0);
  }

  private static List<UnknownFieldSet> messages(UnknownFieldSet of, int field) {
    return of.getField(field).getLengthDelimitedList().stream()
        .map(OnnxRefinerTest::parse)
        .toList();
  }

  private static UnknownFieldSet parse(ByteString bytes) {
    try {
      return UnknownFieldSet.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(UnknownFieldSet of, int field) {
    return of.getField(field).getLengthDelimitedList().get(0).toStringUtf8();
  }

  private static Map<String, UnknownFieldSet> named(UnknownFieldSet of, int field, int name) {
    return messages(of, field).stream()
        .collect(
            toMap(
                message -> text(message, name),
                Function.identity(),
                (a, b) -> {
                  throw new AssertionError("twice: " + a);
                },
                LinkedHashMap::new));
  }

  private static FloatBuffer floats(ByteString bytes) {
    return ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private static Weights random(RefinerNetwork network) {
    Random random = new Random(7);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    network
        .parameters()
        .forEach(
            (name, shape) -> {
              float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
              }
              tensors.put(name, new Tensor(shape, values));
            });
    return new Weights(tensors);
  }
}
