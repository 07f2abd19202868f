package io.refinery.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

  @TempDir Path folder;

  @Test
  void valuesRoundTripBitForBitAndInOrder() throws IOException {
    float[] odd = {0f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, Float.NEGATIVE_INFINITY};
    float[] long_ = new float[50_000];
    for (int i = 0; i < long_.length; i++) {
      long_[i] = i * 0.37f;
    }
    Weights weights =
        weights(
            Map.entry("z", new Tensor(List.of(2, 3), odd)),
            Map.entry("a", new Tensor(List.of(50_000), long_)),
            Map.entry("empty", new Tensor(List.of(0), new float[0])));
    Path file = folder.resolve("w.safetensors");

    Safetensors.write(weights, Map.of("engine", "a \"quoted\" é"), file);
    Weights read = Safetensors.read(file);

    assertThat(read.tensors().keySet()).containsExactly("z", "a", "empty");
    weights
        .tensors()
        .forEach(
            (name, tensor) -> {
              assertThat(read.tensor(name).shape()).isEqualTo(tensor.shape());
              assertThat(bits(read.tensor(name))).isEqualTo(bits(tensor));
            });
  }

  @Test
  void aFileFromThePythonLibraryIsRead() throws IOException {
    Path file = folder.resolve("python.safetensors");
    try (InputStream fixture = getClass().getResourceAsStream("/safetensors/python.safetensors")) {
      Files.copy(fixture, file);
    }

    Weights read = Safetensors.read(file);

    assertThat(read.tensors().keySet())
        .containsExactlyInAnyOrder("conv_in.weight", "conv_in.bias", "scalar", "empty");
    assertThat(read.tensor("conv_in.weight").shape()).containsExactly(2, 1, 3, 3);
    assertThat(read.tensor("conv_in.weight").values()).startsWith(-9 / 8f).endsWith(1f);
    assertThat(read.tensor("conv_in.bias").values()).containsExactly(0.1f, -1e-30f);
    assertThat(read.tensor("scalar").shape()).isEmpty();
    assertThat(read.tensor("scalar").values()).containsExactly(3.5f);
    assertThat(read.tensor("empty").shape()).containsExactly(0, 4);
  }

  @Test
  void aFileFromPythonIsRewrittenByteForByte() throws IOException {
    byte[] fixture;
    try (InputStream in = getClass().getResourceAsStream("/safetensors/python.safetensors")) {
      fixture = in.readAllBytes();
    }
    Path file = Files.write(folder.resolve("python.safetensors"), fixture);
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "np");
    metadata.put("made by", "Zoë");

    Path again = folder.resolve("again.safetensors");
    Safetensors.write(Safetensors.read(file), metadata, again);

    assertThat(Files.readAllBytes(again)).isEqualTo(fixture);
  }

  @Test
  void valuesStartAtAMultipleOfEightBytes() throws IOException {
    for (int length = 1; length < 9; length++) {
      Path file = folder.resolve("w.safetensors");
      Tensor tensor = new Tensor(List.of(1), new float[1]);
      Safetensors.write(weights(Map.entry("x".repeat(length), tensor)), Map.of(), file);

      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(bytes.getLong() % 8).isZero();
      assertThat(Safetensors.read(file).count()).isEqualTo(1);
    }
  }

  @Test
  void aLongerFileIsReplacedCompletely() throws IOException {
    Path file = Files.write(folder.resolve("w.safetensors"), new byte[10_000]);
    Safetensors.write(
        weights(Map.entry("a", new Tensor(List.of(1), new float[] {2}))), Map.of(), file);
    assertThat(Safetensors.read(file).tensor("a").values()).containsExactly(2f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                                                                  | 0 | not a JSON object",
        "`  {}`                                                             | 0 | not a JSON object",
        "{                                                                   | 0 | cannot be parsed",
        "{} {}                                                               | 0 | cannot be parsed",
        "{'a':1}                                                             | 0 | tensor a is not a JSON",
        "{'a':null}                                                          | 0 | tensor a is not a JSON",
        "{'a':{'dtype':'F32','shape':[1]}}                                   | 4 | data_offsets",
        "{'a':{'dtype':'F32','shape':[null],'data_offsets':[0,4]}}           | 4 | cannot be parsed",
        "{'a':{'dtype':'F32','shape':[1.5],'data_offsets':[0,4]}}            | 4 | cannot be parsed",
        "{'a':{'dtype':'F32','shape':['1'],'data_offsets':[0,4]}}            | 4 | cannot be parsed",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4],'more':1}}     | 4 | more",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | 8 | uplicate",
        "{'a':{'dtype':'F16','shape':[2],'data_offsets':[0,4]}}              | 4 | type F16",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}              | 4 | of shape [2] has 4 bytes",
        "{'a':{'dtype':'F32','shape':[-1,-1],'data_offsets':[0,4]}}          | 4 | shape [-1, -1]",
        "{'a':{'dtype':'F32','shape':[65536,65536],'data_offsets':[0,0]}}    | 0 | too many values",
        "{'a':{'dtype':'F32','shape':[4294967297],'data_offsets':[0,4]}}     | 4 | too many values",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}              | 8 | begins at byte 4",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[-4,0]}}             | 4 | not a byte range",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}}              | 4 | not a byte range",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0]}}                | 4 | not a byte range",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | 4 | tensor b begins",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}              | 5 | 4 bytes, but its data has 5",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}              | 3 | 4 bytes, but its data has 3",
        "{'__metadata__':{'step':7}}                                         | 0 | not a map of strings",
      })
  void anInvalidHeaderIsRefusedWithTheReason(String header, int dataBytes, String fault)
      throws IOException {
    Path file = file(header.replace('\'', '"').getBytes(StandardCharsets.UTF_8), dataBytes);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(SafetensorsException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(fault);
  }

  @Test
  void aHeaderOverTheLimitIsRefusedBeforeItIsRead() throws IOException {
    for (long length : new long[] {Safetensors.MAX_HEADER_BYTES + 1, Long.MAX_VALUE, -1}) {
      ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      Path file = Files.write(folder.resolve("w.safetensors"), bytes.array());
      assertThatThrownBy(() -> Safetensors.read(file))
          .isInstanceOf(SafetensorsException.class)
          .hasMessageContaining("more than the " + Safetensors.MAX_HEADER_BYTES);
    }
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    Path whole = folder.resolve("w.safetensors");
    Safetensors.write(
        weights(Map.entry("a", new Tensor(List.of(3), new float[3]))), Map.of(), whole);
    byte[] bytes = Files.readAllBytes(whole);
    for (int length = 0; length < bytes.length; length++) {
      Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> Safetensors.read(cut)).isInstanceOf(SafetensorsException.class);
    }
  }

  @Test
  void aHeaderThatIsNotUtf8IsRefused() throws IOException {
    Path file = file(new byte[] {'{', '"', (byte) 0xFF, '"', '}'}, 0);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(SafetensorsException.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void aMissingFileIsAnIoException() {
    assertThatThrownBy(() -> Safetensors.read(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  private Path file(byte[] header, int dataBytes) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header);
    return Files.write(folder.resolve("wrong.safetensors"), bytes.array());
  }

  @SafeVarargs
  private static Weights weights(Map.Entry<String, Tensor>... tensors) {
    Map<String, Tensor> map = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> tensor : tensors) {
      map.put(tensor.getKey(), tensor.getValue());
    }
    return new Weights(map);
  }

  private static int[] bits(Tensor tensor) {
    float[] values = tensor.values();
    return IntStream.range(0, values.length).map(i -> Float.floatToRawIntBits(values[i])).toArray();
  }
}
