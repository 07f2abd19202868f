package io.refinery.bundle;

import java.util.Arrays;
import java.util.List;

/** The labels of an HDF5 bundle: one dataset for all images, or one dataset each. */
final class HdfColumns {

  private HdfColumns() {}

  /** A dataset whose first dimension is the images. */
  static Column stacked(String name, HdfDataset dataset, HdfHeap heap) throws BundleException {
    check(name, dataset);
    return new Stacked(name, dataset, heap);
  }

  static void check(String name, HdfDataset dataset) throws BundleException {
    if (!dataset.type().canBeCopied()) {
      throw Faults.unreadable(
          "Label '"
              + name
              + "' holds references into its file, or values of variable length inside others,"
              + " which cannot be copied; leave it out or store it flat");
    }
    if (dataset.rowBytes() > HdfStorage.LARGEST_PIECE) {
      throw Faults.unreadable(
          "Label '"
              + name
              + "' has "
              + dataset.rowBytes()
              + " bytes an image, more than "
              + HdfStorage.LARGEST_PIECE);
    }
  }

  private record Stacked(String name, HdfDataset dataset, HdfHeap heap) implements Column {

    @Override
    public HdfType type() {
      return dataset.type();
    }

    @Override
    public long[] rowDims() {
      return Arrays.copyOfRange(dataset.dims(), 1, dataset.dims().length);
    }

    @Override
    public void read(long from, int count, byte[] into) throws BundleException {
      Faults.guard(
          "Label '" + name + "'",
          () -> {
            dataset.read(from, count, into);
            return into;
          });
    }

    @Override
    public byte[][] readVariable(long from, int count) throws BundleException {
      return Faults.guard(
          "Label '" + name + "'",
          () -> {
            byte[] references = new byte[Math.toIntExact(count * dataset.rowBytes())];
            dataset.read(from, count, references);
            return heap.resolve(references, type().itemSize());
          });
    }
  }

  /** One dataset an image, all of the first one's type and dimensions. */
  record Keyed(String name, HdfType type, List<Long> dims, Datasets datasets, HdfHeap heap)
      implements Column {

    /** The dataset of the image with this number. */
    interface Datasets {
      HdfDataset get(long index);
    }

    static Column of(String name, Datasets datasets, HdfHeap heap) throws BundleException {
      HdfDataset first = datasets.get(0);
      check(name, first);
      return new Keyed(name, first.type(), boxed(first.dims()), datasets, heap);
    }

    @Override
    public void read(long from, int count, byte[] into) throws BundleException {
      Faults.guard(
          "Label '" + name + "'",
          () -> {
            int row = Math.toIntExact((long) rowElements() * type.size());
            for (int i = 0; i < count; i++) {
              System.arraycopy(row(from + i, row), 0, into, i * row, row);
            }
            return into;
          });
    }

    @Override
    public byte[][] readVariable(long from, int count) throws BundleException {
      return Faults.guard(
          "Label '" + name + "'",
          () -> {
            int elements = rowElements();
            byte[][] values = new byte[count * elements][];
            for (int i = 0; i < count; i++) {
              byte[] references = row(from + i, elements * type.size());
              byte[][] row = heap.resolve(references, type.itemSize());
              System.arraycopy(row, 0, values, i * elements, elements);
            }
            return values;
          });
    }

    @Override
    public long[] rowDims() {
      return dims.stream().mapToLong(Long::longValue).toArray();
    }

    private static List<Long> boxed(long[] dims) {
      return Arrays.stream(dims).boxed().toList();
    }

    private byte[] row(long index, int bytes) throws BundleException {
      HdfDataset dataset = datasets.get(index);
      if (!boxed(dataset.dims()).equals(dims) || !dataset.type().sameAs(type)) {
        throw Faults.unreadable(
            "Label '"
                + name
                + "' of image "
                + index
                + " has other dimensions or another type than that of the first image");
      }
      byte[] row = new byte[bytes];
      if (bytes > 0) {
        dataset.read(0, Math.toIntExact(dataset.rows()), row);
      }
      return row;
    }
  }
}
