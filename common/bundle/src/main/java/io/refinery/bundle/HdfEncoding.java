package io.refinery.bundle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The sizes of numbers in an HDF5 file, which its superblock declares.
 *
 * @param addressBytes size of addresses
 * @param lengthBytes size of lengths
 * @param treeEntries the most children of a node of a chunk tree
 */
record HdfEncoding(int addressBytes, int lengthBytes, int treeEntries) {

  /** Twice the K of a chunk tree's nodes, unless a file declares another. */
  static final int USUAL_ENTRIES = 64;

  /** Of the files that we create. */
  static final HdfEncoding NEW = new HdfEncoding(8, 8, USUAL_ENTRIES);

  private static final int LAYOUT_VERSION = 3;
  private static final int CONTIGUOUS = 1;
  private static final int CHUNKED = 2;

  /**
   * Returns the layout of a dataset in one piece (specification IV.A.2.i).
   *
   * @param address undefined if the dataset has no bytes
   */
  HdfMessage contiguous(long address, long bytes) {
    ByteBuffer layout = ByteBuffer.allocate(2 + addressBytes + lengthBytes);
    layout.put((byte) LAYOUT_VERSION).put((byte) CONTIGUOUS);
    HdfObject.put(layout, address, addressBytes);
    HdfObject.put(layout, bytes, lengthBytes);
    return HdfMessage.of(HdfObject.LAYOUT, layout.flip());
  }

  /**
   * Returns the layout of a dataset in chunks.
   *
   * @param tree address of the chunks' index
   * @param chunk dimensions of a chunk, in elements
   * @param element size of an element, in bytes
   */
  HdfMessage chunked(long tree, int[] chunk, int element) {
    ByteBuffer layout = ByteBuffer.allocate(3 + addressBytes + 4 * (chunk.length + 1));
    layout.order(ByteOrder.LITTLE_ENDIAN);
    layout.put((byte) LAYOUT_VERSION).put((byte) CHUNKED).put((byte) (chunk.length + 1));
    HdfObject.put(layout, tree, addressBytes);
    for (int dim : chunk) {
      layout.putInt(dim);
    }
    layout.putInt(element);
    return HdfMessage.of(HdfObject.LAYOUT, layout.flip());
  }
}
