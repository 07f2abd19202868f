package io.refinery.bundle.array;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.NumberType;
import io.refinery.bundle.Omission;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads the arrays of NumPy: {@code .npy} (format 1.0 to 3.0) and {@code .npz}, a ZIP of them. */
final class NumpyFile {

  private static final long SIGNATURE = 0x934E554D5059L;
  private static final Pattern TYPE = Pattern.compile("'descr':\\s*'([<>|=])([a-zA-Z])(\\d*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([\\d,\\s]*)\\)");
  private static final int LARGEST_HEADER = 1 << 20;

  private final String name;
  private final DataInputStream stream;

  private NumpyFile(String name, InputStream stream) {
    this.name = name;
    this.stream = new DataInputStream(stream);
  }

  static ArrayFile read(Path file) throws BundleException {
    List<NamedArray> arrays = new ArrayList<>();
    List<Omission> leftOut = new ArrayList<>();
    try {
      if (file.toString().toLowerCase(Locale.ROOT).endsWith(".npy")) {
        try (InputStream stream = Files.newInputStream(file)) {
          add(stem(file.getFileName().toString()), stream, arrays, leftOut);
        }
      } else {
        try (ZipFile zip = new ZipFile(file.toFile())) {
          for (ZipEntry entry : Collections.list(zip.entries())) {
            try (CheckedInputStream stream =
                new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
              if (entry.getName().endsWith(".npy")) {
                add(stem(entry.getName()), stream, arrays, leftOut);
                requireIntact(entry, stream);
              } else {
                leftOut.add(new Omission(entry.getName(), "it is not an array of NumPy"));
              }
            }
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      throw unreadable(file.getFileName() + " is corrupt or truncated: " + e.getMessage(), e);
    }
    return new ArrayFile(arrays, leftOut);
  }

  /** Reads to the end and compares the checksum, which the library does not. */
  private static void requireIntact(ZipEntry entry, CheckedInputStream stream) throws IOException {
    stream.transferTo(OutputStream.nullOutputStream());
    if (stream.getChecksum().getValue() != entry.getCrc()) {
      throw new IOException(entry.getName() + " does not match its checksum");
    }
  }

  private static String stem(String name) {
    return name.substring(0, name.length() - ".npy".length());
  }

  private static void add(
      String name, InputStream stream, List<NamedArray> arrays, List<Omission> leftOut)
      throws IOException, BundleException {
    Optional<NamedArray> array = new NumpyFile(name, stream).array();
    array.ifPresentOrElse(
        arrays::add,
        () ->
            leftOut.add(
                new Omission(name, "its elements are records, objects, dates or complex numbers")));
  }

  private static BundleException unreadable(String message, Exception cause) {
    return new BundleException(BundleFault.UNREADABLE, message, cause);
  }

  /** Returns the array, or nothing if its type is not one of {@link NumberType}. */
  private Optional<NamedArray> array() throws IOException, BundleException {
    String header = header();
    Matcher type = TYPE.matcher(header);
    Matcher order = ORDER.matcher(header);
    Matcher shape = SHAPE.matcher(header);
    if (!order.find() || !shape.find()) {
      throw unreadable("Array '" + name + "' has no valid header: " + header.strip(), null);
    }
    int[] dims =
        Pattern.compile(",")
            .splitAsStream(shape.group(1))
            .map(String::strip)
            .filter(dim -> !dim.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray();
    if (!type.find()) {
      return Optional.empty();
    }
    boolean swapped = type.group(1).equals(">");
    int size = type.group(3).isEmpty() ? 0 : Integer.parseInt(type.group(3));
    Optional<NamedArray> array = array(type.group(2), size, swapped, dims);
    return order.group(1).equals("True")
        ? array.map(stored -> NamedArray.ofColumnMajor(stored, dims))
        : array;
  }

  private String header() throws IOException, BundleException {
    long signature =
        ((long) stream.readUnsignedShort() << 32) | Integer.toUnsignedLong(stream.readInt());
    if (signature != SIGNATURE) {
      throw unreadable("Array '" + name + "' does not start as a file of NumPy does", null);
    }
    int version = stream.readUnsignedByte();
    stream.readUnsignedByte();
    int length = Short.toUnsignedInt(Short.reverseBytes(stream.readShort()));
    if (version > 1) {
      length |= Short.toUnsignedInt(Short.reverseBytes(stream.readShort())) << 16;
    }
    if (length < 0 || length > LARGEST_HEADER) {
      throw unreadable("Array '" + name + "' declares a header of " + length + " bytes", null);
    }
    return new String(exactly(length), StandardCharsets.UTF_8);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = stream.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("'" + name + "' ends after " + bytes.length + " of " + length);
    }
    return bytes;
  }

  private Optional<NamedArray> array(String kind, int size, boolean swapped, int[] dims)
      throws IOException, BundleException {
    int elements;
    byte[] bytes;
    try {
      elements = NamedArray.elements(dims);
      int unit = kind.equals("U") ? 4 * size : size;
      bytes = exactly(Math.multiplyExact(elements, unit));
    } catch (ArithmeticException e) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "Array '" + name + "' has more than 2 GiB; write the bundle as HDF5",
          e);
    }
    if (swapped) {
      swap(bytes, kind.equals("U") ? 4 : size);
    }
    return switch (kind + size) {
      case "b1", "u1" -> numbers(NumberType.UINT8, dims, bytes);
      case "i1" -> numbers(NumberType.INT8, dims, bytes);
      case "u2" -> numbers(NumberType.UINT16, dims, bytes);
      case "i2" -> numbers(NumberType.INT16, dims, bytes);
      case "u4" -> numbers(NumberType.UINT32, dims, bytes);
      case "i4" -> numbers(NumberType.INT32, dims, bytes);
      case "u8" -> numbers(NumberType.UINT64, dims, bytes);
      case "i8" -> numbers(NumberType.INT64, dims, bytes);
      case "f4" -> numbers(NumberType.FLOAT32, dims, bytes);
      case "f8" -> numbers(NumberType.FLOAT64, dims, bytes);
      default ->
          switch (kind) {
            case "S" -> texts(bytes, elements, size, dims, StandardCharsets.UTF_8);
            case "U" -> texts(bytes, elements, 4 * size, dims, Charset.forName("UTF-32LE"));
            default -> Optional.empty();
          };
    };
  }

  private static void swap(byte[] bytes, int size) {
    for (int at = 0; at + size <= bytes.length; at += size) {
      for (int i = 0; i < size / 2; i++) {
        byte kept = bytes[at + i];
        bytes[at + i] = bytes[at + size - 1 - i];
        bytes[at + size - 1 - i] = kept;
      }
    }
  }

  private Optional<NamedArray> numbers(NumberType type, int[] dims, byte[] bytes) {
    return Optional.of(NamedArray.numbers(name, type, dims, bytes));
  }

  private Optional<NamedArray> texts(
      byte[] bytes, int elements, int size, int[] dims, Charset charset) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < elements; i++) {
      String text = new String(bytes, i * size, size, charset);
      int end = text.length();
      while (end > 0 && text.charAt(end - 1) == 0) {
        end--;
      }
      texts.add(text.substring(0, end));
    }
    return Optional.of(NamedArray.texts(name, dims, texts));
  }
}
