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
  private final Motion motion;

  /** How a label moves with the pixels of its image. */
  enum Motion {
    NONE,
    /** The last dimension starts with the x and y of a point. */
    POINTS,
    /** The x of a point. */
    X,
    /** The y of a point. */
    Y
  }

  private PackLabel(
      String name,
      Optional<NumberType> type,
      int[] rowDims,
      byte[] numbers,
      List<String> texts,
      Motion motion) {
    this.name = name;
    this.type = type;
    this.rowDims = rowDims;
    this.numbers = numbers;
    this.texts = texts;
    this.motion = motion;
  }

  /**
   * Creates a label of numbers.
   *
   * @param rowDims dimensions per image
   * @param numbers row-major and little-endian; not copied
   */
  static PackLabel numbers(
      String name, NumberType type, int[] rowDims, byte[] numbers, Motion motion) {
    return new PackLabel(name, Optional.of(type), rowDims.clone(), numbers, List.of(), motion);
  }

  /** Creates a label of text, one per image. */
  static PackLabel texts(String name, List<String> texts) {
    return new PackLabel(
        name, Optional.empty(), new int[0], new byte[0], List.copyOf(texts), Motion.NONE);
  }

  String name() {
    return name;
  }

  /** Whether it moves with the pixels. */
  boolean moves() {
    return motion != Motion.NONE;
  }

  /** Whether its values can move in this way. */
  boolean canBe(Motion wanted) {
    return type.isPresent()
        && (wanted == Motion.POINTS
            ? rowDims.length > 0 && rowDims[rowDims.length - 1] >= 2
            : rowDims.length == 0);
  }

  PackLabel moving(Motion wanted) {
    return new PackLabel(name, type, rowDims, numbers, texts, wanted);
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
    if (!moves() || !moved) {
      return Label.numbers(name, type.get(), rowDims, numbers);
    }
    int width = motion == Motion.POINTS ? rowDims[rowDims.length - 1] : 1;
    int elements = numbers.length / type.get().bytes();
    int perImage = elements / framings.size();
    ByteBuffer stored = ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer result = ByteBuffer.allocate(elements * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      double value = number(stored, type.get());
      Framing framing = framings.get(i / perImage);
      int part = motion == Motion.Y ? 1 : i % width;
      result.putDouble(
          switch (part) {
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
