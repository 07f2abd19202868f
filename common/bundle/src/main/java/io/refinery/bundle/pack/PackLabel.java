package io.refinery.bundle.pack;

import io.refinery.bundle.Label;
import io.refinery.bundle.NumberType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/** A label in memory: numbers or text, one row per image. */
final class PackLabel {

  private final String name;
  private final Optional<NumberType> type;
  private final int[] rowDims;
  private final byte[] numbers;
  private final List<String> texts;
  private final boolean points;

  private PackLabel(
      String name,
      Optional<NumberType> type,
      int[] rowDims,
      byte[] numbers,
      List<String> texts,
      boolean points) {
    this.name = name;
    this.type = type;
    this.rowDims = rowDims;
    this.numbers = numbers;
    this.texts = texts;
    this.points = points;
  }

  /**
   * Creates a label of numbers.
   *
   * @param rowDims dimensions per image
   * @param numbers row-major and little-endian; not copied
   * @param points whether the last dimension starts with the x and y of a point, in pixels
   */
  static PackLabel numbers(
      String name, NumberType type, int[] rowDims, byte[] numbers, boolean points) {
    return new PackLabel(name, Optional.of(type), rowDims.clone(), numbers, List.of(), points);
  }

  /** Creates a label of text, one per image. */
  static PackLabel texts(String name, List<String> texts) {
    return new PackLabel(
        name, Optional.empty(), new int[0], new byte[0], List.copyOf(texts), false);
  }

  String name() {
    return name;
  }

  boolean isPoints() {
    return points;
  }

  /** Whether its last dimension can hold points. */
  boolean canBePoints() {
    return type.isPresent() && rowDims.length > 0 && rowDims[rowDims.length - 1] >= 2;
  }

  PackLabel asPoints() {
    return new PackLabel(name, type, rowDims, numbers, texts, true);
  }

  /**
   * Returns the label for framed images. Points become float64, as they may lie between pixels.
   *
   * @param framings one per image
   */
  Label framed(List<Framing> framings) {
    if (type.isEmpty()) {
      return Label.strings(name, texts);
    }
    boolean moved = framings.stream().anyMatch(framing -> !framing.isWhole());
    if (!points || !moved) {
      return Label.numbers(name, type.get(), rowDims, numbers);
    }
    int width = rowDims[rowDims.length - 1];
    int elements = numbers.length / type.get().bytes();
    int perImage = elements / framings.size();
    ByteBuffer stored = ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer result = ByteBuffer.allocate(elements * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      double value = number(stored, type.get());
      Framing framing = framings.get(i / perImage);
      result.putDouble(
          switch (i % width) {
            case 0 -> framing.pointX(value);
            case 1 -> framing.pointY(value);
            default -> value;
          });
    }
    return Label.numbers(name, NumberType.FLOAT64, rowDims, result.array());
  }

  private static double number(ByteBuffer stored, NumberType type) {
    return switch (type) {
      case INT8 -> stored.get();
      case UINT8 -> Byte.toUnsignedInt(stored.get());
      case INT16 -> stored.getShort();
      case UINT16 -> Short.toUnsignedInt(stored.getShort());
      case INT32 -> stored.getInt();
      case UINT32 -> Integer.toUnsignedLong(stored.getInt());
      case INT64, UINT64 -> stored.getLong();
      case FLOAT32 -> stored.getFloat();
      case FLOAT64 -> stored.getDouble();
    };
  }
}
