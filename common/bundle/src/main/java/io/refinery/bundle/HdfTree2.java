package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * A version 2 B-tree (specification III.A.2). Nodes are read on demand and their checksums are
 * verified; the last node of each level is cached.
 */
final class HdfTree2 {

  private static final int PREFIX = 6;
  private static final int CHECKSUM = 4;
  private static final int DEEPEST = 32;

  private final HdfStorage storage;
  private final int type;
  private final int recordBytes;
  private final int depth;
  private final long root;
  private final int rootRecords;
  private final long total;

  /** The bytes of a child's number of records, and by level, of that of all below it. */
  private final int countBytes;

  private final int[] totalBytes;
  private final Map<Integer, Node> path = new HashMap<>();

  /** A node: its records, and the addresses and numbers of records of its children. */
  private static final class Node {
    private final long address;
    private final ByteBuffer records;
    private final long[] children;
    private final int[] counts;

    Node(long address, ByteBuffer records, int children) {
      this.address = address;
      this.records = records;
      this.children = new long[children];
      this.counts = new int[children];
    }
  }

  /**
   * Opens a tree.
   *
   * @param type what its records must be
   */
  HdfTree2(HdfStorage storage, long address, int type) {
    this.storage = storage;
    this.type = type;
    int lengths = storage.getSizeOfLengths();
    ByteBuffer header = storage.checked(address, 18 + storage.getSizeOfOffsets() + lengths);
    expect(header, "BTHD");
    int nodeBytes = header.getInt();
    this.recordBytes = Short.toUnsignedInt(header.getShort());
    this.depth = Short.toUnsignedInt(header.getShort());
    header.getShort();
    this.root = HdfObject.unsigned(header, storage.getSizeOfOffsets());
    this.rootRecords = Short.toUnsignedInt(header.getShort());
    this.total = HdfObject.unsigned(header, lengths);
    if (recordBytes == 0 || depth > DEEPEST || nodeBytes <= PREFIX + CHECKSUM) {
      throw new HdfException("the tree at byte " + address + " is not valid");
    }
    int room = nodeBytes - PREFIX - CHECKSUM;
    int records = room / recordBytes;
    long below = records;
    this.countBytes = bytesFor(records);
    this.totalBytes = new int[depth + 1];
    for (int level = 1; level <= depth; level++) {
      int pointer = storage.getSizeOfOffsets() + countBytes + totalBytes[level - 1];
      records = (room - pointer) / (recordBytes + pointer);
      below = (records + 1L) * below + records;
      totalBytes[level] = bytesFor(below);
    }
  }

  static int bytesFor(long limit) {
    return (63 - Long.numberOfLeadingZeros(Math.max(1, limit))) / 8 + 1;
  }

  int recordBytes() {
    return recordBytes;
  }

  /**
   * Finds a record.
   *
   * @param order negative when the wanted record is before the one given, positive when after
   */
  Optional<ByteBuffer> find(ToIntFunction<ByteBuffer> order) {
    if (root == HdfStorage.UNDEFINED) {
      return Optional.empty();
    }
    long address = root;
    int records = rootRecords;
    for (int level = depth; ; level--) {
      Node node = node(address, records, level);
      int low = 0;
      int high = records;
      while (low < high) {
        int middle = (low + high) >>> 1;
        int found = order.applyAsInt(record(node, middle));
        if (found == 0) {
          return Optional.of(record(node, middle));
        }
        if (found < 0) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      if (level == 0) {
        return Optional.empty();
      }
      address = node.children[low];
      records = node.counts[low];
    }
  }

  /** Passes on every record, in order. */
  void forEach(Consumer<ByteBuffer> action) {
    if (root != HdfStorage.UNDEFINED) {
      long seen = visit(root, rootRecords, depth, 0, action);
      if (seen != total) {
        throw new HdfException("a tree has " + seen + " records, not " + total);
      }
    }
  }

  private long visit(long address, int records, int level, long seen, Consumer<ByteBuffer> action) {
    Node node = read(address, records, level);
    long count = seen;
    for (int i = 0; i <= records; i++) {
      if (level > 0) {
        count = visit(node.children[i], node.counts[i], level - 1, count, action);
      }
      if (i < records) {
        if (++count > total) {
          throw new HdfException("a tree has more than " + total + " records");
        }
        action.accept(record(node, i));
      }
    }
    return count;
  }

  private ByteBuffer record(Node node, int number) {
    return node.records.slice(number * recordBytes, recordBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Node node(long address, int records, int level) {
    Node kept = path.get(level);
    if (kept == null || kept.address != address) {
      kept = read(address, records, level);
      path.put(level, kept);
    }
    return kept;
  }

  private Node read(long address, int records, int level) {
    int offsets = storage.getSizeOfOffsets();
    int pointer = level == 0 ? 0 : offsets + countBytes + totalBytes[level - 1];
    int children = level == 0 ? 0 : records + 1;
    ByteBuffer bytes =
        storage.checked(
            address,
            Math.addExact(PREFIX, Math.multiplyExact(records, recordBytes)) + children * pointer);
    expect(bytes, level == 0 ? "BTLF" : "BTIN");
    ByteBuffer body = bytes.slice(PREFIX, records * recordBytes);
    bytes.position(PREFIX + records * recordBytes);
    Node node = new Node(address, body, children);
    for (int i = 0; i < children; i++) {
      node.children[i] = HdfObject.unsigned(bytes, offsets);
      node.counts[i] = Math.toIntExact(number(bytes, countBytes));
      number(bytes, totalBytes[level - 1]);
    }
    return node;
  }

  private static long number(ByteBuffer bytes, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= Byte.toUnsignedLong(bytes.get()) << (8 * i);
    }
    return value;
  }

  private void expect(ByteBuffer bytes, String signature) {
    int found = bytes.getInt();
    int version = bytes.get();
    int foundType = bytes.get();
    if (found != HdfObject.signature(signature) || version != 0 || foundType != type) {
      throw new HdfException("there is no tree of type " + type + " where one should be");
    }
  }
}
