package io.refinery.bundle.pack;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.ImageFiles;
import io.refinery.bundle.NumberType;
import io.refinery.bundle.Omission;
import io.refinery.bundle.table.ImageLabel;
import io.refinery.bundle.table.ImageLabels;
import io.refinery.image.LevelBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The image files of a folder, ZIP or tar. */
final class FileSource implements PackSource {

  private final ImageFiles files;
  private final Optional<Path> temporary;
  private final List<PackOptions.Size> sizes = new ArrayList<>();
  private final ImageLabels labels;

  private FileSource(ImageFiles files, Optional<Path> temporary)
      throws BundleException, IOException {
    this.files = files;
    this.temporary = temporary;
    for (int i = 0; i < files.count(); i++) {
      LevelBatch image = files.read(i);
      sizes.add(new PackOptions.Size(image.shape().width(), image.shape().height()));
    }
    this.labels = files.labels(image -> sizes.get(image).height());
  }

  /**
   * Opens a folder, ZIP or tar.
   *
   * @param scratch a folder for temporary files as large as the source
   */
  static FileSource open(Path source, Path scratch, PackOptions options)
      throws BundleException, IOException {
    Optional<Path> temporary = Optional.empty();
    try {
      if (!isZip(source)) {
        temporary = Optional.of(Files.createTempFile(scratch, ".pack-", ".zip"));
        FileArchive.write(source, temporary.get());
      }
      ImageFiles files =
          ImageFiles.open(temporary.orElse(source), BundleLimits.DEFAULT, options.images());
      try {
        return new FileSource(files, temporary);
      } catch (BundleException | IOException | RuntimeException e) {
        files.close();
        throw e;
      }
    } catch (BundleException | IOException | RuntimeException e) {
      if (temporary.isPresent()) {
        Files.deleteIfExists(temporary.get());
      }
      throw e;
    }
  }

  private static boolean isZip(Path source) {
    return Files.isRegularFile(source)
        && source.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  @Override
  public int count() {
    return files.count();
  }

  @Override
  public PackOptions.Size size(int image) {
    return sizes.get(image);
  }

  @Override
  public Picture read(int image) throws BundleException, IOException {
    return Picture.of(files.read(image));
  }

  @Override
  public List<PackLabel> labels() throws BundleException, IOException {
    List<PackLabel> packed = new ArrayList<>();
    for (ImageLabel label : labels.labels()) {
      if (label.type() == ImageLabel.Type.TEXT) {
        if (label.elements() == 1) {
          packed.add(PackLabel.texts(label.name(), List.of(label.texts(0, count()))));
        }
        continue;
      }
      long[] bits = label.bits(0, count());
      ByteBuffer bytes =
          ByteBuffer.allocate(Math.multiplyExact(bits.length, Long.BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
      bytes.asLongBuffer().put(bits);
      NumberType type =
          label.type() == ImageLabel.Type.INT64 ? NumberType.INT64 : NumberType.FLOAT64;
      packed.add(
          PackLabel.numbers(
              label.name(),
              type,
              label.dims().stream().mapToInt(Integer::intValue).toArray(),
              bytes.array(),
              label.isPoints() ? PackLabel.Motion.POINTS : PackLabel.Motion.NONE));
    }
    return packed;
  }

  @Override
  public List<Omission> leftOut() {
    List<Omission> leftOut = new ArrayList<>(labels.leftOut());
    for (ImageLabel label : labels.labels()) {
      if (label.type() == ImageLabel.Type.TEXT && label.elements() != 1) {
        leftOut.add(new Omission(label.name(), "it has several texts per image"));
      }
    }
    return leftOut;
  }

  @Override
  public List<String> remarks() {
    return labels.remarks();
  }

  @Override
  public void close() throws IOException {
    files.close();
    if (temporary.isPresent()) {
      Files.deleteIfExists(temporary.get());
    }
  }
}
