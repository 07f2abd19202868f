package io.refinery.bundle.array;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ChunkedDataset;
import io.refinery.bundle.NumberType;
import io.refinery.bundle.Omission;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a {@code .mat} file of version 7.3, which is HDF5 with dimensions reversed. */
final class MatlabHdfFile {

  /** The group that holds the content of cells. */
  private static final String REFERENCES = "#refs#";

  private final List<NamedArray> arrays = new ArrayList<>();
  private final List<Omission> leftOut = new ArrayList<>();

  /** Deflate's highest ratio is 1,032. */
  private static final long MOST_INFLATION = 1032;

  private final long mostBytes;

  private MatlabHdfFile(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  static ArrayFile read(Path file) throws IOException {
    MatlabHdfFile result = new MatlabHdfFile(Files.size(file) * MOST_INFLATION);
    try (HdfFile hdf = new HdfFile(file)) {
      result.addAll("", hdf);
    }
    return new ArrayFile(result.arrays, result.leftOut);
  }

  private void addAll(String path, Group group) throws IOException {
    for (Node child : group) {
      String name = path + child.getName();
      if (name.startsWith("#")) {
        if (!name.equals(REFERENCES)) {
          leftOut.add(new Omission(name, "it is internal to MATLAB"));
        }
      } else if (child instanceof Group inner) {
        addAll(name + "/", inner);
      } else if (child instanceof Dataset dataset) {
        add(name, dataset);
      }
    }
  }

  private void add(String name, Dataset dataset) throws IOException {
    requirePlausible(name, dataset);
    String matlab = matlabClass(dataset);
    Optional<NumberType> type = type(matlab);
    if (dataset.getAttribute("MATLAB_empty") != null) {
      leftOut.add(new Omission(name, "it is empty"));
    } else if (matlab.equals("char")) {
      arrays.add(text(name, dataset));
    } else if (type.isEmpty() || dataset.isCompound()) {
      leftOut.add(
          new Omission(
              name, "it is a " + matlab + ", not an array of numbers or text; save it with -v7"));
    } else {
      arrays.add(numbers(name, type.get(), dataset));
    }
  }

  /** The library allocates what is declared. */
  private void requirePlausible(String name, Dataset dataset) throws IOException {
    boolean chunks =
        dataset instanceof ChunkedDataset chunked
            && declaredBytes(dataset, chunked.getChunkDimensions()) > mostBytes;
    if (chunks || declaredBytes(dataset, dataset.getDimensions()) > mostBytes) {
      throw new IOException("'" + name + "' declares more elements than the file can hold");
    }
  }

  private static double declaredBytes(Dataset dataset, int[] dims) {
    double bytes = dataset.getDataType().getSize();
    for (int dim : dims) {
      bytes *= dim;
    }
    return bytes;
  }

  private static String matlabClass(Dataset dataset) {
    Attribute attribute = dataset.getAttribute("MATLAB_class");
    return attribute == null ? "dataset without a class" : String.valueOf(attribute.getData());
  }

  private static Optional<NumberType> type(String matlab) {
    return switch (matlab) {
      case "int8" -> Optional.of(NumberType.INT8);
      case "uint8", "logical" -> Optional.of(NumberType.UINT8);
      case "int16" -> Optional.of(NumberType.INT16);
      case "uint16" -> Optional.of(NumberType.UINT16);
      case "int32" -> Optional.of(NumberType.INT32);
      case "uint32" -> Optional.of(NumberType.UINT32);
      case "int64" -> Optional.of(NumberType.INT64);
      case "uint64" -> Optional.of(NumberType.UINT64);
      case "single" -> Optional.of(NumberType.FLOAT32);
      case "double" -> Optional.of(NumberType.FLOAT64);
      default -> Optional.empty();
    };
  }

  /** Returns the dimensions that MATLAB shows. */
  private static int[] shown(Dataset dataset) {
    int[] stored = dataset.getDimensions();
    int[] dims = new int[stored.length];
    for (int d = 0; d < dims.length; d++) {
      dims[d] = stored[stored.length - 1 - d];
    }
    return dims;
  }

  private static NamedArray numbers(String name, NumberType type, Dataset dataset) {
    Object flat = dataset.getDataFlat();
    int count = Array.getLength(flat);
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      Number value = (Number) Array.get(flat, i);
      switch (type.bytes()) {
        case 1 -> bytes.put(value.byteValue());
        case 2 -> bytes.putShort(value.shortValue());
        case 4 ->
            bytes.putInt(
                type.isInteger() ? value.intValue() : Float.floatToRawIntBits(value.floatValue()));
        default ->
            bytes.putLong(
                type.isInteger()
                    ? value.longValue()
                    : Double.doubleToRawLongBits(value.doubleValue()));
      }
    }
    return MatlabShapes.turned(
        NamedArray.numbers(name, type, new int[] {count}, bytes.array()), shown(dataset));
  }

  /** Returns the rows of an array of characters, which are UTF-16. */
  private static NamedArray text(String name, Dataset dataset) {
    int[] characters = (int[]) dataset.getDataFlat();
    int rows = shown(dataset)[0];
    int columns = rows == 0 ? 0 : characters.length / rows;
    List<String> texts = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      StringBuilder text = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        text.append((char) characters[c * rows + r]);
      }
      texts.add(text.toString());
    }
    return NamedArray.texts(name, new int[] {rows}, texts);
  }
}
