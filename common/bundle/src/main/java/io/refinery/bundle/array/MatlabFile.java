package io.refinery.bundle.array;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.NumberType;
import io.refinery.bundle.Omission;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.InflaterInputStream;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.Cell;
import us.hebi.matlab.mat.types.Char;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Source;
import us.hebi.matlab.mat.types.Sources;
import us.hebi.matlab.mat.types.Sparse;
import us.hebi.matlab.mat.types.Struct;

/**
 * Reads the arrays of a {@code .mat} file, in the dimensions that MATLAB shows; vectors have one
 * dimension. Fields of a struct are named like files in a folder.
 */
final class MatlabFile {

  /** Where HDF5 starts in a file of version 7.3, after MATLAB's own header. */
  private static final int USER_BLOCK = 512;

  /** Sizes and places in the header, and a type of element, of version 5. */
  private static final int HEADER = 128;

  private static final int ENDIAN = 126;
  private static final int TAG = 8;
  private static final int COMPRESSED = 15;

  /** Sparse arrays of more elements are not made dense. */
  private static final int MOST_SPARSE = 1 << 24;

  private static final long HDF5 = 0x894844460D0A1A0AL;

  private final List<NamedArray> arrays = new ArrayList<>();
  private final List<Omission> leftOut = new ArrayList<>();

  private MatlabFile() {}

  static ArrayFile read(Path file) throws BundleException {
    try {
      if (isHdf5(file)) {
        return MatlabHdfFile.read(file);
      }
      requireIntact(file);
      MatlabFile result = new MatlabFile();
      try (Source source = Sources.openFile(file.toFile());
          MatFile mat = Mat5.newReader(source).disableSubsystemProcessing().readMat()) {
        for (MatFile.Entry entry : mat.getEntries()) {
          result.add(entry.getName(), entry.getValue());
        }
      }
      return new ArrayFile(result.arrays, result.leftOut);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw new BundleException(
          BundleFault.UNREADABLE,
          file.getFileName() + " is corrupt or truncated: " + e.getMessage(),
          e);
    }
  }

  /** Checks checksums and sizes, which the library does not. */
  private static void requireIntact(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer header = ByteBuffer.allocate(HEADER);
      if (channel.read(header) < HEADER) {
        throw new EOFException("The header is cut off");
      }
      header.order(header.get(ENDIAN) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      ByteBuffer tag = ByteBuffer.allocate(TAG).order(header.order());
      while (channel.read(tag.clear()) == TAG) {
        long start = channel.position();
        long end = start + Integer.toUnsignedLong(tag.getInt(4));
        if (end > channel.size()) {
          throw new EOFException("A variable is cut off");
        }
        if (tag.getInt(0) == COMPRESSED) {
          long inflated = inflated(channel).transferTo(OutputStream.nullOutputStream());
          channel.position(start);
          MatlabSizes.check(buffered(inflated(channel)), header.order(), inflated);
        } else {
          channel.position(start - TAG);
          MatlabSizes.check(
              buffered(Channels.newInputStream(channel)), header.order(), end - start + TAG);
        }
        channel.position(end);
      }
    }
  }

  /** Not to be closed: that would close the channel. */
  private static InputStream inflated(FileChannel channel) {
    return new InflaterInputStream(Channels.newInputStream(channel));
  }

  private static InputStream buffered(InputStream stream) {
    return new BufferedInputStream(stream);
  }

  private static boolean isHdf5(Path file) throws IOException {
    try (var channel = Files.newByteChannel(file)) {
      ByteBuffer signature = ByteBuffer.allocate(8);
      channel.position(USER_BLOCK).read(signature);
      return signature.position() == 8 && signature.getLong(0) == HDF5;
    }
  }

  private void add(String name, Array array) {
    if (array instanceof Struct struct && struct.getNumElements() == 1) {
      for (String field : struct.getFieldNames()) {
        add(name + "/" + field, struct.get(field));
      }
    } else if (array instanceof Sparse sparse && sparse.getNumElements() > MOST_SPARSE) {
      leftOut.add(new Omission(name, "it is sparse, and too large to be written in full"));
    } else if (array instanceof Matrix matrix && !matrix.isComplex()) {
      arrays.add(numbers(name, matrix));
    } else if (array instanceof Char text) {
      arrays.add(
          NamedArray.texts(
              name,
              new int[] {text.getNumRows()},
              IntStream.range(0, text.getNumRows()).mapToObj(text::getRow).toList()));
    } else if (array instanceof Cell cell && isText(cell)) {
      NamedArray texts =
          NamedArray.texts(
              name,
              new int[] {cell.getNumElements()},
              IntStream.range(0, cell.getNumElements())
                  .mapToObj(i -> cell.getChar(i).getString())
                  .toList());
      arrays.add(MatlabShapes.turned(texts, cell.getDimensions()));
    } else {
      leftOut.add(
          new Omission(name, "it is a " + array.getType() + ", not an array of numbers or text"));
    }
  }

  private static boolean isText(Cell cell) {
    return IntStream.range(0, cell.getNumElements()).allMatch(i -> cell.get(i) instanceof Char);
  }

  private static NamedArray numbers(String name, Matrix matrix) {
    NumberType type =
        switch (matrix.getType()) {
          case Int8 -> NumberType.INT8;
          case UInt8 -> NumberType.UINT8;
          case Int16 -> NumberType.INT16;
          case UInt16 -> NumberType.UINT16;
          case Int32 -> NumberType.INT32;
          case UInt32 -> NumberType.UINT32;
          case Int64 -> NumberType.INT64;
          case UInt64 -> NumberType.UINT64;
          case Single -> NumberType.FLOAT32;
          default -> NumberType.FLOAT64;
        };
    int count = matrix.getNumElements();
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      switch (type.bytes()) {
        case 1 -> bytes.put(matrix.getByte(i));
        case 2 -> bytes.putShort(matrix.getShort(i));
        case 4 ->
            bytes.putInt(
                type.isInteger() ? matrix.getInt(i) : Float.floatToRawIntBits(matrix.getFloat(i)));
        default ->
            bytes.putLong(
                type.isInteger()
                    ? matrix.getLong(i)
                    : Double.doubleToRawLongBits(matrix.getDouble(i)));
      }
    }
    NamedArray stored = NamedArray.numbers(name, type, new int[] {count}, bytes.array());
    return MatlabShapes.turned(stored, matrix.getDimensions());
  }
}
