package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Describes a datatype message (specification IV.A.2.d) of any version. */
final class HdfTypeParser {

  private static final int REFERENCE = 7;
  private static final int VARIABLE = 9;
  private static final int VERSION_3 = 3;
  private static final int DEEPEST = 16;
  private static final int MOST_MEMBERS = 8;

  private final byte[] bytes;
  private int at;
  private String description = "";
  private boolean flat = true;

  private HdfTypeParser(byte[] message) {
    this.bytes = message.clone();
  }

  static HdfTypeParser parse(byte[] message) {
    HdfTypeParser parser = new HdfTypeParser(message);
    try {
      parser.description = parser.next(0);
    } catch (IndexOutOfBoundsException e) {
      throw new HdfException("a datatype is truncated", e);
    }
    return parser;
  }

  String description() {
    return description;
  }

  /** Whether its bytes mean the same in another file: for lists, those of their items. */
  boolean isFlat() {
    return flat;
  }

  /** Returns the message with versions above 3 replaced by 3. */
  byte[] asVersion3() {
    return bytes.clone();
  }

  private int number(int position, int size) {
    int value = 0;
    for (int i = 0; i < size; i++) {
      value |= Byte.toUnsignedInt(bytes[position + i]) << (8 * i);
    }
    return value;
  }

  private String next(int depth) {
    if (depth > DEEPEST) {
      throw new HdfException("a datatype does not end");
    }
    int start = at;
    int version = Byte.toUnsignedInt(bytes[start]) >> 4;
    int type = bytes[start] & 0xF;
    if (version > 5) {
      throw new HdfException("a datatype has version " + version);
    }
    if (version > VERSION_3) {
      bytes[start] = (byte) (VERSION_3 << 4 | type);
    }
    int flags = number(start + 1, 3);
    int size = number(start + 4, 4);
    at += 8;
    flat &= type != REFERENCE && (type != VARIABLE || depth == 0);
    return switch (type) {
      case 0 -> skip(4, ((flags & 8) != 0 ? "int" : "uint") + 8L * size);
      case 1 -> skip(12, "float" + 8L * size);
      case 2 -> skip(2, "time");
      case 3 -> "text of " + size + " bytes";
      case 4 -> skip(4, "bits");
      case 5 -> skip(flags & 0xFF, "opaque, " + size + " bytes");
      case 6 -> compound(version, flags & 0xFFFF, size, depth);
      case 7 -> "references";
      case 8 -> enumeration(version, flags & 0xFFFF, depth);
      case 9 -> {
        String base = next(depth + 1);
        yield (flags & 0xF) == 1 ? "text" : "lists of " + base;
      }
      case 10 -> array(version, depth);
      case 11 -> "complex, two " + next(depth + 1);
      default -> throw new HdfException("a datatype has class " + type);
    };
  }

  private String skip(int count, String text) {
    at += count;
    return text;
  }

  private String name(int version) {
    int start = at;
    while (bytes[at] != 0) {
      at++;
    }
    String name = new String(bytes, start, at - start, StandardCharsets.UTF_8);
    at++;
    if (version < VERSION_3) {
      at = start + (at - start + 7) / 8 * 8;
    }
    return name;
  }

  private String compound(int version, int members, int size, int depth) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      String name = name(version);
      at += version < VERSION_3 ? 4 : HdfTree2.bytesFor(Integer.toUnsignedLong(size));
      at += version == 1 ? 28 : 0;
      String type = next(depth + 1);
      if (i < MOST_MEMBERS) {
        names.add(name + ": " + type);
      }
    }
    return "compound of " + String.join(", ", names) + (members > MOST_MEMBERS ? ", ..." : "");
  }

  private String enumeration(int version, int members, int depth) {
    int base = at;
    String type = next(depth + 1);
    int size = number(base + 4, 4);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      String name = name(version);
      if (i < MOST_MEMBERS) {
        names.add(name);
      }
    }
    at = Math.addExact(at, Math.multiplyExact(members, size));
    return names.equals(List.of("FALSE", "TRUE"))
        ? "bool"
        : type
            + " that means "
            + String.join(", ", names)
            + (members > MOST_MEMBERS ? ", ..." : "");
  }

  private String array(int version, int depth) {
    int rank = Byte.toUnsignedInt(bytes[at++]);
    at += version < VERSION_3 ? 3 : 0;
    StringBuilder dims = new StringBuilder();
    for (int d = 0; d < rank; d++) {
      dims.append(d == 0 ? "" : " x ").append(Integer.toUnsignedString(number(at, 4)));
      at += 4;
    }
    at += version < VERSION_3 ? 4 * rank : 0;
    return "arrays of " + dims + " " + next(depth + 1);
  }
}
