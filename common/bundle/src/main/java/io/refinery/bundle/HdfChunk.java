package io.refinery.bundle;

/**
 * A stored chunk.
 *
 * @param size its bytes in the file; -1 for those of an unfiltered chunk
 * @param mask a set bit means that the filter of this number was not applied
 */
record HdfChunk(long address, long size, int mask) {

  boolean isStored() {
    return address != HdfStorage.UNDEFINED;
  }
}
