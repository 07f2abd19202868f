package io.refinery.bundle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Creates the label columns of an HDF5 bundle: one dataset for all images, or one per image. */
final class HdfColumns {

  private static final int READ_BYTES = 1 << 20;

  private HdfColumns() {}

  /** Returns the column of a dataset with one row per image. */
  static Column stacked(String name, HdfDataset dataset, HdfHeap heap) {
    return new Stacked(name, dataset, heap);
  }

  /** Checks that the values of a row can be taken out of their file. */
  private static void check(String name, HdfDataset dataset) throws BundleException {
    if (!dataset.type().canBeCopied()) {
      throw unsupported(
          name,
          "holds references into its file, or nested values of variable length, which only a copy"
              + " in the same format keeps; remove it or store it flat");
    }
    if (dataset.rowBytes() > HdfStorage.LARGEST_PIECE) {
      throw unsupported(
          name,
          "has " + dataset.rowBytes() + " bytes per image, more than " + HdfStorage.LARGEST_PIECE);
    }
  }

  /** Returns why a label cannot be written as text, or nothing if it can. */
  static Optional<String> obstacle(Column label) {
    try {
      HdfType type = label.type();
      if (!type.isNumber() && !type.isEnum() && !type.isFixedString() && !type.isVariableText()) {
        return Optional.of("a table has no values of type " + type.description());
      }
      if (label instanceof Keyed keyed) {
        keyed.checkAll();
      }
      label.rowElements();
      checkStorage(label);
      return Optional.empty();
    } catch (BundleException e) {
      return Optional.of("it cannot be converted: " + e.getMessage());
    } catch (ArithmeticException e) {
      return Optional.of("it has too many values per image for a table");
    }
  }

  /** Whether the values differ in type or shape between images, so that they are not one array. */
  static boolean isUneven(Column label) {
    try {
      return label instanceof Keyed keyed && keyed.isUneven();
    } catch (BundleException e) {
      return false; // Reading the values says what is wrong with them.
    }
  }

  private static void checkStorage(Column label) throws BundleException {
    HdfDataset dataset = label instanceof Stacked stacked ? stacked.dataset : ((Keyed) label).first;
    check(label.name(), dataset);
    ParserErrors.guard(
        "Label '" + label.name() + "'",
        () -> {
          dataset.checkReadable();
          return dataset;
        });
  }

  /** Whether the values can be taken out of their file; others are copied unread. */
  static boolean canBeRead(Column label) {
    try {
      if (label instanceof Keyed keyed) {
        keyed.checkAll();
      }
      checkStorage(label);
      return true;
    } catch (BundleException e) {
      return e.fault() != BundleFault.UNSUPPORTED;
    }
  }

  /** Reads all values of a label, in blocks of about 1 MiB. */
  static void readAll(Column label, long count) throws BundleException {
    long row = (long) label.rowElements() * label.type().size();
    int together = (int) Math.max(1, Math.min(count, READ_BYTES / Math.max(1, row)));
    for (long from = 0; from < count; from += together) {
      int rows = (int) Math.min(together, count - from);
      if (label.type().isVariable()) {
        label.readVariable(from, rows);
      } else {
        label.read(from, rows, new byte[Math.toIntExact(rows * row)]);
      }
    }
  }

  /** Returns the type of the first value; others may be longer texts. */
  static HdfType firstType(Column label) {
    return label instanceof Stacked stacked ? stacked.type() : ((Keyed) label).first.type();
  }

  private static BundleException unsupported(String name, String what) {
    return new BundleException(BundleFault.UNSUPPORTED, "Label '" + name + "' " + what);
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
      check(name, dataset);
      ParserErrors.guard(
          "Label '" + name + "'",
          () -> {
            dataset.read(from, count, into);
            return into;
          });
    }

    @Override
    public byte[][] readVariable(long from, int count) throws BundleException {
      check(name, dataset);
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
  static Column keyed(String name, Datasets datasets, long count, HdfHeap heap) {
    return new Keyed(name, datasets.get(0), datasets, count, heap);
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

    /** Checks that all images have values of one type and shape. */
    void checkAll() throws BundleException {
      ParserErrors.guard(
          "Label '" + name + "'",
          () -> {
            for (long i = 0; i < count; i++) {
              dataset(i);
            }
            return first;
          });
    }

    private HdfDataset dataset(long index) throws BundleException {
      HdfDataset dataset = datasets.get(index);
      check(name, dataset);
      if (!isLikeFirst(dataset)) {
        throw unsupported(
            name,
            "of image "
                + index
                + " has different dimensions or a different type from that of the first image");
      }
      return dataset;
    }

    private boolean isLikeFirst(HdfDataset dataset) throws BundleException {
      boolean sameType =
          dataset.type().sameAs(type())
              || (dataset.type().sameTextAs(type()) && dataset.type().size() <= type().size());
      return sameType && Arrays.equals(dataset.dims(), first.dims());
    }

    boolean isUneven() throws BundleException {
      return ParserErrors.guard(
          "Label '" + name + "'",
          () -> {
            boolean uneven = false;
            for (long i = 1; i < count && !uneven; i++) {
              uneven = !isLikeFirst(datasets.get(i));
            }
            return uneven;
          });
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
