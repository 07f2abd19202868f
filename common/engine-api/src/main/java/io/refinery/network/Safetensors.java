package io.refinery.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes weights in the safetensors format: the length of a JSON header, 8 bytes
 * little-endian; the header, which gives every tensor's name, shape and offsets; the tensors'
 * values, 32-bit floats little-endian, without gaps. Source: the format section of
 * huggingface.co/docs/safetensors.
 *
 * <p>Only tensors of type F32 are read. A file with any other type, or with bytes outside every
 * tensor, is refused.
 */
public final class Safetensors {

  /** Maximum header length, in bytes: enough for about ten thousand tensors. */
  public static final int MAX_HEADER_BYTES = 1 << 20;

  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int ALIGNMENT = 8;
  private static final int CHUNK_BYTES = 1 << 16;
  private static final JsonMapper JSON = new JsonMapper();

  private Safetensors() {}

  /**
   * Writes all tensors in order, replacing any existing file.
   *
   * @param metadata free text by name, stored in the header; may be empty
   * @throws IllegalArgumentException when the tensors' names do not fit into a header
   */
  public static void write(Weights weights, Map<String, String> metadata, Path file)
      throws IOException {
    byte[] header = header(weights, metadata);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      writeFully(channel, littleEndian(LENGTH_BYTES).putLong(header.length).flip());
      writeFully(channel, ByteBuffer.wrap(header));
      ByteBuffer chunk = littleEndian(CHUNK_BYTES);
      for (Tensor tensor : weights.tensors().values()) {
        writeValues(channel, tensor.values(), chunk);
      }
    }
  }

  /**
   * Reads all tensors, in the order of the header.
   *
   * @throws SafetensorsException saying what is wrong with the file
   * @throws IOException when the file cannot be read
   */
  public static Weights read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int headerBytes = headerLength(channel, file);
      String json = readHeader(channel, headerBytes, file);
      long dataBytes = channel.size() - LENGTH_BYTES - headerBytes;
      Map<String, SafetensorsHeader.Entry> entries = parse(json, dataBytes, file);
      return readTensors(channel, LENGTH_BYTES + (long) headerBytes, entries, file);
    }
  }

  private static byte[] header(Weights weights, Map<String, String> metadata)
      throws JsonProcessingException {
    Map<String, Object> header = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      header.put(SafetensorsHeader.METADATA, metadata);
    }
    long offset = 0;
    for (Map.Entry<String, Tensor> named : weights.tensors().entrySet()) {
      if (named.getKey().equals(SafetensorsHeader.METADATA)) {
        throw new IllegalArgumentException(
            "A tensor must not be named " + SafetensorsHeader.METADATA);
      }
      long end = offset + (long) Float.BYTES * named.getValue().values().length;
      List<Long> shape = named.getValue().shape().stream().map(Integer::longValue).toList();
      header.put(
          named.getKey(),
          new SafetensorsHeader.Entry(SafetensorsHeader.F32, shape, List.of(offset, end)));
      offset = end;
    }
    String json = JSON.writeValueAsString(header);
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    String padded = json + " ".repeat(Math.floorMod(-bytes, ALIGNMENT));
    if (bytes > MAX_HEADER_BYTES) {
      throw new IllegalArgumentException(
          "A header of " + bytes + " bytes is longer than " + MAX_HEADER_BYTES);
    }
    return padded.getBytes(StandardCharsets.UTF_8);
  }

  private static int headerLength(FileChannel channel, Path file) throws IOException {
    if (channel.size() < LENGTH_BYTES) {
      throw new SafetensorsException(file, "it has only " + channel.size() + " bytes");
    }
    ByteBuffer buffer = littleEndian(LENGTH_BYTES);
    readFully(channel, buffer, 0, file);
    long length = buffer.flip().getLong();
    if (length < 0 || length > MAX_HEADER_BYTES) {
      throw new SafetensorsException(
          file,
          "it declares a header of "
              + Long.toUnsignedString(length)
              + " bytes, more than the "
              + MAX_HEADER_BYTES
              + " allowed");
    }
    if (length > channel.size() - LENGTH_BYTES) {
      throw new SafetensorsException(
          file, "it declares a header of " + length + " bytes, past the end of the file");
    }
    return (int) length;
  }

  private static String readHeader(FileChannel channel, int bytes, Path file) throws IOException {
    ByteBuffer buffer = littleEndian(bytes);
    readFully(channel, buffer, LENGTH_BYTES, file);
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(buffer.flip());
      return text.toString();
    } catch (CharacterCodingException e) {
      throw new SafetensorsException(file, "its header is not UTF-8", e);
    }
  }

  private static Map<String, SafetensorsHeader.Entry> parse(String json, long dataBytes, Path file)
      throws SafetensorsException {
    try {
      return SafetensorsHeader.parse(json, dataBytes);
    } catch (JsonProcessingException e) {
      throw new SafetensorsException(
          file, "its header cannot be parsed: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new SafetensorsException(file, e.getMessage(), e);
    }
  }

  private static Weights readTensors(
      FileChannel channel, long dataStart, Map<String, SafetensorsHeader.Entry> entries, Path file)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    ByteBuffer chunk = littleEndian(CHUNK_BYTES);
    for (Map.Entry<String, SafetensorsHeader.Entry> named : entries.entrySet()) {
      SafetensorsHeader.Entry entry = named.getValue();
      float[] values = new float[entry.count()];
      readValues(channel, dataStart + entry.begin(), values, chunk, file);
      List<Integer> shape = entry.shape().stream().map(Math::toIntExact).toList();
      tensors.put(named.getKey(), new Tensor(shape, values));
    }
    return new Weights(tensors);
  }

  private static void writeValues(FileChannel channel, float[] values, ByteBuffer chunk)
      throws IOException {
    for (int at = 0; at < values.length; at += chunk.capacity() / Float.BYTES) {
      int count = Math.min(values.length - at, chunk.capacity() / Float.BYTES);
      chunk.clear().limit(count * Float.BYTES);
      chunk.asFloatBuffer().put(values, at, count);
      writeFully(channel, chunk);
    }
  }

  private static void readValues(
      FileChannel channel, long position, float[] values, ByteBuffer chunk, Path file)
      throws IOException {
    for (int at = 0; at < values.length; at += chunk.capacity() / Float.BYTES) {
      int count = Math.min(values.length - at, chunk.capacity() / Float.BYTES);
      chunk.clear().limit(count * Float.BYTES);
      readFully(channel, chunk, position + (long) at * Float.BYTES, file);
      chunk.flip().asFloatBuffer().get(values, at, count);
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer buffer, long position, Path file)
      throws IOException {
    long at = position;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, at);
      if (read < 0) {
        throw new EOFException(file + " was truncated while it was being read");
      }
      at += read;
    }
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
