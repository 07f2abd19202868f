package io.refinery.console.submit;

import io.refinery.bundle.BundleFormat;
import io.refinery.console.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The file that receives a refined bundle. Mistakes are found before the work, not after it. */
record OutputFile(Path path) {

  /**
   * @throws ConfigurationException if the file cannot be written, or has the ending of no format
   */
  void requireWritable() {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new ConfigurationException("--output: there is no folder " + folder + ".");
    }
    if (Files.isDirectory(path)) {
      throw new ConfigurationException("--output: " + path + " is a folder; name a file.");
    }
    if (!Files.isWritable(Files.exists(path) ? path : folder)) {
      throw new ConfigurationException(
          "--output: you may not write " + path.toAbsolutePath() + ".");
    }
    if (ofName(path.toString()).isEmpty()) {
      throw new ConfigurationException(
          "--output: " + path + " must end in .h5 or .hdf5 for HDF5, or in .zip for ZIP.");
    }
  }

  /**
   * @param format the format of the refined bundle
   * @param reason why it has that format
   * @throws ConfigurationException if the file's ending is that of the other format
   */
  void requireFormat(BundleFormat format, String reason) {
    if (!ofName(path.toString()).equals(Optional.of(format))) {
      throw new ConfigurationException(
          "--output: %s does not end like %s, which %s. Change the ending or --format."
              .formatted(path, format, reason));
    }
  }

  /** Returns whether a bundle of this name has the format that the file's ending says. */
  boolean fits(String bundle) {
    return ofName(bundle).equals(ofName(path.toString()));
  }

  /** Returns the format that the ending of a name says. */
  static Optional<BundleFormat> ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".zip")) {
      return Optional.of(BundleFormat.ZIP);
    }
    return lower.endsWith(".h5") || lower.endsWith(".hdf5")
        ? Optional.of(BundleFormat.HDF5)
        : Optional.empty();
  }
}
