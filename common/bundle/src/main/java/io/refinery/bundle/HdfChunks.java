package io.refinery.bundle;

import io.jhdf.dataset.chunked.Chunk;
import io.jhdf.dataset.chunked.DatasetInfo;
import io.jhdf.dataset.chunked.indexing.BTreeIndex;
import io.jhdf.dataset.chunked.indexing.ChunkImpl;
import io.jhdf.dataset.chunked.indexing.ChunkIndex;
import io.jhdf.dataset.chunked.indexing.ExtensibleArrayIndex;
import io.jhdf.dataset.chunked.indexing.FixedArrayIndex;
import io.jhdf.dataset.chunked.indexing.ImplicitChunkIndex;
import io.jhdf.dataset.chunked.indexing.SingleChunkIndex;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessageV4;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds the chunk that starts at given coordinates. */
interface HdfChunks {

  /**
   * @param offset coordinates of the chunk's first element, one per dimension
   * @return empty when the chunk was never written
   */
  Optional<Chunk> find(long[] offset);

  /** Visits all chunks that were written. */
  void forEach(Consumer<Chunk> visitor);

  /**
   * The version 1 B-tree, which h5py writes by default. It is read node by node on demand, so a
   * bundle with one chunk per image needs no more memory than a small one.
   */
  final class Tree implements HdfChunks {

    private static final int DEEPEST = 32;

    private final HdfStorage storage;
    private final long root;
    private final int rank;
    private final Map<Integer, Node> path = new HashMap<>();

    Tree(HdfStorage storage, long root, int rank) {
      this.storage = storage;
      this.root = root;
      this.rank = rank;
    }

    @Override
    public Optional<Chunk> find(long[] offset) {
      if (root == HdfStorage.UNDEFINED) {
        return Optional.empty();
      }
      Node node = node(root, -1);
      while (node.level > 0) {
        int child = node.last(offset);
        if (child < 0) {
          return Optional.empty();
        }
        node = node(node.children[child], node.level);
      }
      int leaf = node.last(offset);
      return leaf >= 0 && Arrays.equals(node.offsets[leaf], offset)
          ? Optional.of(node.chunk(leaf))
          : Optional.empty();
    }

    @Override
    public void forEach(Consumer<Chunk> visitor) {
      if (root != HdfStorage.UNDEFINED) {
        visit(root, -1, visitor);
      }
    }

    private void visit(long address, int above, Consumer<Chunk> visitor) {
      Node node = node(address, above);
      for (int i = 0; i < node.children.length; i++) {
        if (node.level == 0) {
          visitor.accept(node.chunk(i));
        } else {
          visit(node.children[i], node.level, visitor);
        }
      }
    }

    /**
     * Returns the node at {@code address}, a child of a node of level {@code above}. The last node
     * of each level is cached.
     */
    private Node node(long address, int above) {
      Node kept = path.get(above);
      if (kept == null || kept.address != address) {
        kept = Node.read(storage, address, rank);
        if (above >= 0 ? kept.level != above - 1 : kept.level > DEEPEST) {
          throw new HdfException("the chunk tree's levels do not descend");
        }
        path.put(above, kept);
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
      this.offsets = new long[entries][rank];
      this.children = new long[entries];
    }

    static Node read(HdfStorage storage, long address, int rank) {
      ByteBuffer header = storage.piece(address, 8);
      if (header.getInt(0) != HdfObject.signature("TREE") || header.get(4) != CHUNK_NODE) {
        throw new HdfException("there is no chunk tree at byte " + address);
      }
      int level = Byte.toUnsignedInt(header.get(5));
      int entries = Short.toUnsignedInt(header.getShort(6));
      int pointer = storage.getSizeOfOffsets();
      int entryBytes = 8 + 8 * (rank + 1) + pointer;
      ByteBuffer body = storage.piece(address + 8 + 2L * pointer, entries * entryBytes);
      Node node = new Node(address, level, entries, rank);
      for (int i = 0; i < entries; i++) {
        node.sizes[i] = body.getInt();
        node.masks[i] = body.getInt();
        for (int d = 0; d < rank; d++) {
          node.offsets[i][d] = body.getLong();
        }
        body.getLong();
        node.children[i] = HdfObject.unsigned(body, pointer);
      }
      return node;
    }

    /** Returns the last entry whose key is not after {@code offset}, or -1. */
    int last(long[] offset) {
      int low = 0;
      int high = offsets.length;
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

    Chunk chunk(int entry) {
      BitSet mask = BitSet.valueOf(new long[] {Integer.toUnsignedLong(masks[entry])});
      return new ChunkImpl(children[entry], sizes[entry], offsets[entry], mask);
    }
  }

  /** The newer indices, read by jHDF, which holds an entry per chunk in memory. */
  final class Index implements HdfChunks {

    /** jHDF needs about 200 bytes per chunk. */
    private static final long MOST_CHUNKS = 4_000_000;

    private final Map<List<Long>, Chunk> chunks = new HashMap<>();

    Index(
        HdfStorage storage, ChunkedDataLayoutMessageV4 layout, long[] dims, int[] chunk, int size) {
      if (layout.getAddress() == HdfStorage.UNDEFINED) {
        return;
      }
      long count = 1;
      for (int d = 0; d < dims.length; d++) {
        count = Math.multiplyExact(count, (dims[d] + chunk[d] - 1) / chunk[d]);
      }
      checkCount(count);
      storage.startStructure();
      for (Chunk found :
          index(storage, layout, new DatasetInfo(size, dims, chunk)).getAllChunks()) {
        chunks.put(key(found.getChunkOffset()), found);
      }
    }

    private static void checkCount(long count) {
      if (count < 0 || count > MOST_CHUNKS) {
        throw new HdfException(
            "it has " + count + " chunks, more than " + MOST_CHUNKS + "; use larger chunks");
      }
    }

    /**
     * Checks the number of entries that an index declares; jHDF allocates memory for all of them.
     */
    private static void checkDeclared(HdfStorage storage, long address, int position) {
      int bytes = storage.getSizeOfLengths();
      checkCount(HdfObject.unsigned(storage.piece(address + position, bytes), bytes));
    }

    private static ChunkIndex index(
        HdfStorage storage, ChunkedDataLayoutMessageV4 layout, DatasetInfo info) {
      long address = layout.getAddress();
      int lengths = storage.getSizeOfLengths();
      switch (layout.getIndexingType()) {
        case ChunkedDataLayoutMessageV4.FIXED_ARRAY_INDEX -> checkDeclared(storage, address, 8);
        case ChunkedDataLayoutMessageV4.EXTENSIBLE_ARRAY_INDEX ->
            checkDeclared(storage, address, 12 + 4 * lengths);
        case ChunkedDataLayoutMessageV4.B_TREE_V2_INDEX ->
            checkDeclared(storage, address, 18 + storage.getSizeOfOffsets());
        default -> {
          // The other indices declare no number of entries.
        }
      }
      return switch (layout.getIndexingType()) {
        case ChunkedDataLayoutMessageV4.SINGLE_CHUNK_INDEX -> new SingleChunkIndex(layout, info);
        case ChunkedDataLayoutMessageV4.IMPLICIT_INDEX -> new ImplicitChunkIndex(address, info);
        case ChunkedDataLayoutMessageV4.FIXED_ARRAY_INDEX ->
            new FixedArrayIndex(storage, address, info);
        case ChunkedDataLayoutMessageV4.EXTENSIBLE_ARRAY_INDEX ->
            new ExtensibleArrayIndex(storage, address, info);
        case ChunkedDataLayoutMessageV4.B_TREE_V2_INDEX -> new BTreeIndex(storage, address, info);
        default ->
            throw new HdfException("chunk index " + layout.getIndexingType() + " is not supported");
      };
    }

    private static List<Long> key(long[] offset) {
      return Arrays.stream(offset).boxed().toList();
    }

    @Override
    public Optional<Chunk> find(long[] offset) {
      return Optional.ofNullable(chunks.get(key(offset)));
    }

    @Override
    public void forEach(Consumer<Chunk> visitor) {
      chunks.values().stream()
          .filter(chunk -> chunk.getAddress() != HdfStorage.UNDEFINED)
          .forEach(visitor);
    }
  }
}
