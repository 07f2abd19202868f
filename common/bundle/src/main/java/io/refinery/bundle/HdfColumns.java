package io.refinery.bundle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Creates the label columns of an HDF5 bundle: one dataset for all images, or one per image. */
final class HdfColumns {

  private HdfColumns() {}

  /** Returns the column of a dataset with one row per image. */
  static Column stacked(String name, HdfDataset dataset, HdfHeap heap) throws BundleException {
    check(name, dataset);
    return new Stacked(name, dataset, heap);
  }

  static void check(String name, HdfDataset dataset) throws BundleException {
    if (!dataset.type().canBeCopied()) {
      throw ParserErrors.unreadable(
          "Label '"
              + name
              + "' holds references into its file, or nested values of variable length, which"
              + " cannot be copied; remove it or store it flat");
    }
    if (dataset.rowBytes() > HdfStorage.LARGEST_PIECE) {
      throw ParserErrors.unreadable(
          "Label '"
              + name
              + "' has "
              + dataset.rowBytes()
              + " bytes per image, more than "
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
      ParserErrors.guard(
          "Label '" + name + "'",
          () -> {
            dataset.read(from, count, into);
            return into;
          });
    }

    @Override
    public byte[][] readVariable(long from, int count) throws BundleException {
      return ParserErrors.guard(
          "Label '" + name + "'",
          () -> {
            byte[] references = new byte[Math.toIntExact(count * dataset.rowBytes())];
            dataset.read(from, count, references);
            return heap.resolve(references, type().itemSize());
          });
    }
  }

  /** Returns the dataset of the image with a given number. */
  @FunctionalInterface
  interface Datasets {
    HdfDataset get(long index);
  }

  /** Returns the column of one dataset per image. */
  static Column keyed(String name, Datasets datasets, long count, HdfHeap heap)
      throws BundleException {
    HdfDataset first = datasets.get(0);
    check(name, first);
    return new Keyed(name, first, datasets, count, heap);
  }

  /** All datasets have the dimensions and type of the first; only fixed strings vary in length. */
  private static final class Keyed implements Column {

    private final String name;
    private final HdfDataset first;
    private final Datasets datasets;
    private final long count;
    private final HdfHeap heap;
    private Optional<HdfType> type = Optional.empty();

    Keyed(String name, HdfDataset first, Datasets datasets, long count, HdfHeap heap) {
      this.name = name;
      this.first = first;
      this.datasets = datasets;
      this.count = count;
      this.heap = heap;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long[] rowDims() {
      return first.dims();
    }

    @Override
    public HdfType type() throws BundleException {
      if (type.isEmpty()) {
        type =
            Optional.of(
                first.type().isFixedString()
                    ? ParserErrors.guard("Label '" + name + "'", this::longest)
                    : first.type());
      }
      return type.get();
    }

    private HdfType longest() {
      HdfType longest = first.type();
      for (long i = 1; i < count; i++) {
        HdfType other = datasets.get(i).type();
        longest = other.sameTextAs(longest) && other.size() > longest.size() ? other : longest;
      }
      return longest;
    }

    @Override
    public void read(long from, int rows, byte[] into) throws BundleException {
      ParserErrors.guard(
          "Label '" + name + "'",
          () -> {
            int row = Math.multiplyExact(rowElements(), type().size());
            for (int i = 0; i < rows; i++) {
              HdfDataset dataset = dataset(from + i);
              widen(stored(dataset), dataset.type(), into, i * row);
            }
            return into;
          });
    }

    private void widen(byte[] stored, HdfType storedType, byte[] into, int at)
        throws BundleException {
      int size = storedType.size();
      int wide = type().size();
      for (int e = 0; e < stored.length / size; e++) {
        System.arraycopy(stored, e * size, into, at + e * wide, size);
        Arrays.fill(into, at + e * wide + size, at + (e + 1) * wide, type().padding());
      }
    }

    @Override
    public byte[][] readVariable(long from, int rows) throws BundleException {
      return ParserErrors.guard(
          "Label '" + name + "'",
          () -> {
            List<byte[]> values = new ArrayList<>();
            for (int i = 0; i < rows; i++) {
              byte[] references = stored(dataset(from + i));
              values.addAll(List.of(heap.resolve(references, type().itemSize())));
            }
            return values.toArray(byte[][]::new);
          });
    }

    private HdfDataset dataset(long index) throws BundleException {
      HdfDataset dataset = datasets.get(index);
      boolean sameType =
          dataset.type().sameAs(type())
              || (dataset.type().sameTextAs(type()) && dataset.type().size() <= type().size());
      if (!sameType || !Arrays.equals(dataset.dims(), first.dims())) {
        throw ParserErrors.unreadable(
            "Label '"
                + name
                + "' of image "
                + index
                + " has different dimensions or a different type from that of the first image");
      }
      return dataset;
    }

    private static byte[] stored(HdfDataset dataset) {
      byte[] bytes = new byte[Math.toIntExact(dataset.rows() * dataset.rowBytes())];
      if (bytes.length > 0) {
        dataset.read(0, Math.toIntExact(dataset.rows()), bytes);
      }
      return bytes;
    }
  }
}
