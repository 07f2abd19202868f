package io.refinery.bundle.pack;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Provenance;
import io.refinery.bundle.RewriteReport;
import io.refinery.bundle.ZipFiles;
import io.refinery.bundle.array.ArrayFile;
import io.refinery.image.LevelBatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes bundles of files as people have them, and such files of bundles. */
public final class Packing {

  private static final int BATCH = 64;

  private Packing() {}

  /**
   * Makes a stacked HDF5 bundle.
   *
   * @param source a folder, ZIP or tar of images, or a file of arrays ({@code .npz}, {@code .npy},
   *     {@code .mat})
   * @param progress is told after every image
   * @throws BundleException when the source cannot be read, or it is not certain which label is
   *     whose
   */
  public static PackReport pack(
      Path source, Path target, PackOptions options, Provenance provenance, PackProgress progress)
      throws BundleException, IOException {
    try (PackSource opened = open(source, target, options)) {
      return new Packer(opened, options).write(target, provenance, progress);
    }
  }

  private static PackSource open(Path source, Path target, PackOptions options)
      throws BundleException, IOException {
    return ArrayFile.isOne(source)
        ? ArraySource.open(source, options)
        : FileSource.open(source, target.toAbsolutePath().getParent(), options);
  }

  /**
   * Writes a bundle as PNG files and a table of labels. 8-bit images are kept bit for bit.
   *
   * @param folder empty
   * @param progress is told after every few images
   * @return what of the bundle is not in the folder
   */
  public static RewriteReport unpack(
      Path bundle, Path folder, BundleLimits limits, PackProgress progress)
      throws BundleException, IOException {
    Path zip = Files.createTempFile(folder.toAbsolutePath().getParent(), ".unpack-", ".zip");
    try (BundleReader reader = Bundles.open(bundle, limits)) {
      RewriteReport report;
      if (reader.info().format() == BundleFormat.ZIP) {
        extract(bundle, folder);
        return new RewriteReport(List.of(), List.of());
      }
      try (BundleWriter writer =
          Bundles.rewrite(zip, BundleFormat.ZIP, bundle, limits, new Provenance(Map.of()))) {
        long done = 0;
        for (Optional<LevelBatch> batch = reader.readLevels(BATCH);
            batch.isPresent();
            batch = reader.readLevels(BATCH)) {
          writer.write(batch.get());
          done += batch.get().count();
          progress.packed(done, reader.info().count());
        }
        report = writer.report();
        writer.finish();
      }
      extract(zip, folder);
      return report;
    } finally {
      Files.deleteIfExists(zip);
    }
  }

  private static void extract(Path zip, Path folder) throws BundleException, IOException {
    Path root = folder.toAbsolutePath().normalize();
    try (ZipFiles files = ZipFiles.open(zip)) {
      for (String name : files.names()) {
        Path target = root.resolve(name).normalize();
        if (!target.startsWith(root)) {
          throw new IOException("'" + name + "' leads out of the folder");
        }
        Files.createDirectories(target.getParent());
        try (InputStream stream = files.open(name)) {
          Files.copy(stream, target);
        }
      }
    }
  }
}
