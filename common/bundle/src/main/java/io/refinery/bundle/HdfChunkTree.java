package io.refinery.bundle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the index of a dataset's chunks as a version 1 B-tree (HDF5 File Format Specification 3.0,
 * III.A.1), which every version of HDF5 reads, whether or not the dataset can grow. Chunks are
 * added in order; one node per level is held in memory.
 */
final class HdfChunkTree {

  private static final int CHUNK_NODE = 1;

  private final HdfSpace space;
  private final int rank;
  private final HdfEncoding encoding;
  private final List<Level> levels = new ArrayList<>();

  /**
   * @param rank number of dimensions of the dataset
   */
  HdfChunkTree(HdfSpace space, int rank, HdfEncoding encoding) {
    this.space = space;
    this.rank = rank;
    this.encoding = encoding;
  }

  /** The first chunk below a node: its stored size and the coordinates of its first element. */
  private static final class Key {
    private final int size;
    private final long[] offset;

    Key(int size, long[] offset) {
      this.size = size;
      this.offset = offset;
    }
  }

  /** The node of one level that is being filled. */
  private static final class Level {
    private final List<Key> keys = new ArrayList<>();
    private final List<Long> children = new ArrayList<>();
    private long address;
    private long left = HdfStorage.UNDEFINED;
  }

  /**
   * Adds a chunk after all others.
   *
   * @param size its stored bytes
   * @param offset coordinates of its first element
   */
  void add(long address, int size, long[] offset) throws IOException {
    add(0, new Key(size, offset.clone()), address);
  }

  private void add(int depth, Key key, long child) throws IOException {
    if (depth == levels.size()) {
      levels.add(new Level());
      levels.get(depth).address = space.extend(nodeBytes());
    }
    Level level = levels.get(depth);
    if (level.children.size() == encoding.treeEntries()) {
      long next = space.extend(nodeBytes());
      flush(depth, next, key);
      level.left = level.address;
      level.address = next;
      level.keys.clear();
      level.children.clear();
    }
    level.keys.add(key);
    level.children.add(child);
  }

  /**
   * Completes the tree.
   *
   * @param end coordinates after those of every chunk
   * @return the address of its root; undefined when no chunk was added
   */
  long finish(long[] end) throws IOException {
    Key last = new Key(0, end);
    for (int depth = 0; depth < levels.size(); depth++) {
      Level level = levels.get(depth);
      if (depth == levels.size() - 1 && level.left == HdfStorage.UNDEFINED) {
        write(depth, HdfStorage.UNDEFINED, last);
        return level.address;
      }
      flush(depth, HdfStorage.UNDEFINED, last);
    }
    return HdfStorage.UNDEFINED;
  }

  /** Writes the node of a level and adds it to the level above. */
  private void flush(int depth, long right, Key next) throws IOException {
    write(depth, right, next);
    Level level = levels.get(depth);
    add(depth + 1, level.keys.get(0), level.address);
  }

  private void write(int depth, long right, Key next) throws IOException {
    Level level = levels.get(depth);
    ByteBuffer node = ByteBuffer.allocate(nodeBytes()).order(ByteOrder.LITTLE_ENDIAN);
    node.putInt(HdfObject.signature("TREE")).put((byte) CHUNK_NODE).put((byte) depth);
    node.putShort((short) level.children.size());
    HdfObject.put(node, level.left, encoding.addressBytes());
    HdfObject.put(node, right, encoding.addressBytes());
    for (int i = 0; i < level.children.size(); i++) {
      put(node, level.keys.get(i));
      HdfObject.put(node, level.children.get(i), encoding.addressBytes());
    }
    put(node, next);
    space.write(level.address, node.rewind());
  }

  private void put(ByteBuffer node, Key key) {
    node.putInt(key.size).putInt(0);
    for (int d = 0; d < rank; d++) {
      node.putLong(key.offset[d]);
    }
    // The element's own bytes count as a dimension; chunks start at the first.
    node.putLong(0);
  }

  private int nodeBytes() {
    int key = 8 + 8 * (rank + 1);
    int entries = encoding.treeEntries();
    return 8 + (2 + entries) * encoding.addressBytes() + (entries + 1) * key;
  }
}
