package io.refinery.bundle.array;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.Omission;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The arrays of a file.
 *
 * @param leftOut what of the file cannot be read as an array
 */
public record ArrayFile(List<NamedArray> arrays, List<Omission> leftOut) {

  public ArrayFile {
    arrays = List.copyOf(arrays);
    leftOut = List.copyOf(leftOut);
  }

  /** Whether a file has the ending of a format that {@link #read} reads. */
  public static boolean isOne(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".npz") || name.endsWith(".npy") || name.endsWith(".mat");
  }

  /**
   * Reads all arrays of a {@code .npy}, {@code .npz} or {@code .mat} file.
   *
   * @throws BundleException when the file cannot be read
   */
  public static ArrayFile read(Path file) throws BundleException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".mat") ? MatlabFile.read(file) : NumpyFile.read(file);
  }
}
