package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the chunk that starts at given coordinates. Every index is read on demand, so a bundle with
 * one chunk per image needs no more memory than a small one.
 */
interface HdfChunks {

  /**
   * @param offset coordinates of the chunk's first element, one per dimension
   * @return empty when the chunk was never written
   */
  Optional<HdfChunk> find(long[] offset);

  /**
   * Returns the index of a dataset.
   *
   * @param bytes size of an unfiltered chunk
   */
  static HdfChunks of(
      HdfStorage storage,
      HdfLayout.Chunked layout,
      HdfDataspace space,
      boolean filtered,
      int bytes) {
    long address = layout.start().address();
    int[] chunk = layout.chunk();
    if (address == HdfStorage.UNDEFINED) {
      return offset -> Optional.empty();
    }
    return switch (layout.index()) {
      case HdfLayout.TREE_V1 -> new Tree(storage, address, chunk);
      case HdfLayout.SINGLE -> offset -> Optional.of(layout.start());
      case HdfLayout.IMPLICIT -> {
        HdfGrid grid = HdfGrid.of(space.max(), chunk);
        yield offset ->
            Optional.of(
                new HdfChunk(
                    Math.addExact(address, Math.multiplyExact(grid.number(offset), (long) bytes)),
                    -1,
                    0));
      }
      case HdfLayout.FIXED_ARRAY ->
          new HdfChunkArray.Fixed(storage, address, filtered, HdfGrid.of(space.max(), chunk));
      case HdfLayout.EXTENSIBLE_ARRAY ->
          new HdfChunkArray.Extensible(
              storage, address, filtered, HdfGrid.growing(space.max(), chunk));
      case HdfLayout.TREE_V2 -> new Tree2(storage, address, filtered, chunk);
      default -> throw new HdfException("chunk index " + layout.index() + " does not exist");
    };
  }

  /** The version 2 B-tree, of datasets that can grow in several dimensions. */
  final class Tree2 implements HdfChunks {

    private static final int PLAIN = 10;
    private static final int FILTERED = 11;

    private final HdfTree2 tree;
    private final int[] chunk;
    private final int offsets;
    private final int sizeBytes;

    Tree2(HdfStorage storage, long address, boolean filtered, int[] chunk) {
      this.tree = new HdfTree2(storage, address, filtered ? FILTERED : PLAIN);
      this.chunk = chunk;
      this.offsets = storage.getSizeOfOffsets();
      this.sizeBytes =
          filtered ? tree.recordBytes() - offsets - Integer.BYTES - Long.BYTES * chunk.length : 0;
      if (filtered
          ? sizeBytes < 1 || sizeBytes > Long.BYTES
          : tree.recordBytes() != offsets + Long.BYTES * chunk.length) {
        throw new HdfException("a chunk index has records of " + tree.recordBytes() + " bytes");
      }
    }

    @Override
    public Optional<HdfChunk> find(long[] offset) {
      return tree.find(record -> compare(offset, record)).map(this::chunk);
    }

    private int compare(long[] offset, ByteBuffer record) {
      record.position(record.limit() - Long.BYTES * chunk.length);
      int order = 0;
      for (int d = 0; d < chunk.length && order == 0; d++) {
        order = Long.compareUnsigned(offset[d] / chunk[d], record.getLong());
      }
      return order;
    }

    private HdfChunk chunk(ByteBuffer record) {
      long address = HdfObject.unsigned(record, offsets);
      return sizeBytes == 0
          ? new HdfChunk(address, -1, 0)
          : new HdfChunk(address, HdfObject.unsigned(record, sizeBytes), record.getInt());
    }
  }

  /** The version 1 B-tree, which h5py writes by default. */
  final class Tree implements HdfChunks {

    private static final int DEEPEST = 32;

    private final HdfStorage storage;
    private final long root;
    private final int[] chunk;
    private final Map<Integer, Node> path = new HashMap<>();

    Tree(HdfStorage storage, long root, int[] chunk) {
      this.storage = storage;
      this.root = root;
      this.chunk = chunk;
    }

    @Override
    public Optional<HdfChunk> find(long[] offset) {
      Node node = node(root, -1, Optional.empty());
      while (node.level > 0) {
        int child = node.last(offset);
        if (child < 0) {
          return Optional.empty();
        }
        node = node(node.children[child], node.level, Optional.of(node.offsets[child]));
      }
      int leaf = node.last(offset);
      return leaf >= 0 && Arrays.equals(node.offsets[leaf], offset)
          ? Optional.of(node.chunk(leaf))
          : Optional.empty();
    }

    /**
     * Returns the node at {@code address}, a child of a node of level {@code above}. The last node
     * of each level is cached.
     *
     * @param first the key that the parent has for it
     */
    private Node node(long address, int above, Optional<long[]> first) {
      Node kept = path.get(above);
      if (kept == null || kept.address != address) {
        kept = Node.read(storage, address, chunk);
        if (above >= 0 ? kept.level != above - 1 : kept.level > DEEPEST) {
          throw new HdfException("the chunk tree's levels do not descend");
        }
        path.put(above, kept);
      }
      if (first.isPresent() && !Arrays.equals(first.get(), kept.offsets[0])) {
        throw new HdfException("a node of the chunk tree does not have its parent's key");
      }
      return kept;
    }
  }

  /** A node of the tree: the keys and children of its entries. */
  final class Node {

    private static final int CHUNK_NODE = 1;

    private final long address;
    private final int level;
    private final int[] sizes;
    private final int[] masks;
    private final long[][] offsets;
    private final long[] children;

    private Node(long address, int level, int entries, int rank) {
      this.address = address;
      this.level = level;
      this.sizes = new int[entries];
      this.masks = new int[entries];
      this.offsets = new long[entries + 1][rank];
      this.children = new long[entries];
    }

    static Node read(HdfStorage storage, long address, int[] chunk) {
      ByteBuffer header = storage.piece(address, 8);
      if (header.getInt(0) != HdfObject.signature("TREE") || header.get(4) != CHUNK_NODE) {
        throw new HdfException("there is no chunk tree at byte " + address);
      }
      int level = Byte.toUnsignedInt(header.get(5));
      int entries = Short.toUnsignedInt(header.getShort(6));
      int pointer = storage.getSizeOfOffsets();
      int keyBytes = 8 + 8 * (chunk.length + 1);
      int bytes = entries * (keyBytes + pointer) + keyBytes;
      int room = 2 * storage.nodes().chunks() * (keyBytes + pointer) + keyBytes;
      storage.startStructure();
      ByteBuffer body = storage.node(address + 8 + 2L * pointer, bytes, room);
      Node node = new Node(address, level, entries, chunk.length);
      for (int i = 0; i <= entries; i++) {
        int size = body.getInt();
        int mask = body.getInt();
        node.readKey(i, body, chunk);
        if (i < entries) {
          node.sizes[i] = size;
          node.masks[i] = mask;
          node.children[i] = HdfObject.unsigned(body, pointer);
        }
      }
      return node;
    }

    /** Reads a key. HDF5 searches by them, so wrong ones would hide chunks. */
    private void readKey(int number, ByteBuffer body, int[] chunk) {
      for (int d = 0; d < chunk.length; d++) {
        offsets[number][d] = body.getLong();
        if (offsets[number][d] < 0 || offsets[number][d] % chunk[d] != 0) {
          throw new HdfException("no chunk starts where a key of the chunk tree says");
        }
      }
      long inElement = body.getLong();
      if (number < children.length && inElement != 0) {
        throw new HdfException("a key of the chunk tree points into an element");
      }
      int order = number == 0 ? -1 : Arrays.compare(offsets[number - 1], offsets[number]);
      // The last key may lie in the last chunk, behind its first element.
      if (order > 0 || (order == 0 && inElement == 0)) {
        throw new HdfException("the keys of the chunk tree do not ascend");
      }
    }

    /** Returns the last entry whose key is not after {@code offset}, or -1. */
    int last(long[] offset) {
      int low = 0;
      int high = children.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (Arrays.compare(offsets[middle], offset) <= 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low - 1;
    }

    HdfChunk chunk(int entry) {
      return new HdfChunk(children[entry], Integer.toUnsignedLong(sizes[entry]), masks[entry]);
    }
  }
}
