package io.refinery.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes malformed input of good input. */
final class Mutator {

  private static final int LONGEST = 1 << 20;

  private static final long[] NUMBERS = {
    0,
    1,
    2,
    7,
    8,
    63,
    64,
    65,
    127,
    128,
    255,
    256,
    1000,
    4096,
    4097,
    32_767,
    32_768,
    65_535,
    65_536,
    1 << 20,
    1 << 24,
    1 << 30,
    Integer.MAX_VALUE - 8,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xFFFFFFFFL,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2,
    -8
  };

  private static final List<String> TOKENS =
      List.of(
          "\"",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          ";",
          "\t",
          "\n",
          "\r",
          "\0",
          "\\",
          "\\u0000",
          "\\ud800",
          "\ud83d\ude00",
          "null",
          "true",
          "NaN",
          "-Infinity",
          "1e999999999",
          "-0",
          "0.1e-400",
          "99999999999999999999",
          "-9223372036854775809",
          "../",
          "/",
          "C:\\",
          "\ufeff",
          "%s",
          "${x}",
          "'",
          "\"\"",
          "\u202e",
          "[".repeat(5000),
          "{\"a\":".repeat(3000),
          "9".repeat(5000),
          "x".repeat(70_000),
          ",".repeat(5000));

  private final List<byte[]> seeds;
  private final Random random;

  Mutator(List<byte[]> seeds, long start) {
    this.seeds = seeds;
    this.random = new Random(start);
  }

  byte[] next() {
    byte[] input = seed().clone();
    for (int changes = 1 << random.nextInt(4); changes > 0; changes--) {
      input = change(input);
    }
    return input.length <= LONGEST ? input : Arrays.copyOf(input, LONGEST);
  }

  private byte[] seed() {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private byte[] change(byte[] input) {
    if (input.length == 0) {
      return token();
    }
    int at = position(input.length);
    return switch (random.nextInt(14)) {
      case 0 -> random.nextInt(4) == 0 ? Arrays.copyOf(input, at) : input;
      case 1, 2 -> set(input, at, (byte) random.nextInt(256));
      case 3, 4 -> set(input, at, (byte) (input[at] ^ 1 << random.nextInt(8)));
      case 5 -> set(input, at, (byte) (input[at] + random.nextInt(-3, 4)));
      case 6, 7, 8 -> number(input, at);
      case 9 -> replace(input, at, at, token());
      case 10 -> replace(input, at, at + random.nextInt(Math.min(32, input.length - at)), token());
      case 11 -> replace(input, at, at + length(input.length - at), new byte[0]);
      case 12 -> replace(input, at, at, part(input));
      default -> replace(input, at, at + length(input.length - at), part(seed()));
    };
  }

  /** Prefers the start, where headers are. */
  private int position(int length) {
    return random.nextInt(3) == 0 ? random.nextInt(Math.min(length, 256)) : random.nextInt(length);
  }

  private int length(int most) {
    return random.nextInt(Math.min(most, 1 << random.nextInt(1, 12)) + 1);
  }

  private byte[] part(byte[] of) {
    if (of.length == 0) {
      return of;
    }
    int from = random.nextInt(of.length);
    return Arrays.copyOfRange(of, from, from + length(of.length - from));
  }

  private byte[] token() {
    return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] set(byte[] input, int at, byte value) {
    input[at] = value;
    return input;
  }

  private byte[] number(byte[] input, int at) {
    int size = 1 << random.nextInt(4);
    long value =
        random.nextInt(4) == 0
            ? input.length + random.nextInt(-9, 9)
            : NUMBERS[random.nextInt(NUMBERS.length)];
    boolean little = random.nextBoolean();
    byte[] whole =
        ByteBuffer.allocate(8)
            .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
            .putLong(value)
            .array();
    int fits = Math.min(size, input.length - at);
    System.arraycopy(whole, little ? 0 : 8 - size, input, at, fits);
    return input;
  }

  private static byte[] replace(byte[] input, int from, int to, byte[] with) {
    return ByteBuffer.allocate(from + with.length + input.length - to)
        .put(input, 0, from)
        .put(with)
        .put(input, to, input.length - to)
        .array();
  }
}
