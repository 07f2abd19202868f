package io.refinery.bundle;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.table.ImageLabels;
import io.refinery.image.ImageShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Opens and creates bundles. The format of a file is detected from its content, not from its name.
 *
 * <p>HDF5 is read in two layouts: stacked (a dataset {@code images} or {@code image} of N x H x W,
 * N x H x W x 1 or N x H x W x 3, uint8, or float32 in [0, 1]; every other dataset whose first
 * dimension is N is a label) and one dataset per image (a group {@code image}; every other group
 * with the same keys is a label). A copy of an HDF5 bundle is a copy of its file in which only the
 * images differ; new bundles are stacked.
 *
 * <p>A ZIP holds image files (PNG, JPEG, BMP, GIF, TIFF or WebP), gray or RGB with 8 bits per
 * channel, in the order of its directory. It may also hold labels: see {@link ImageLabels}. Images
 * are always written as PNG, with float32 pixels rounded to 8 bits. From ZIP to ZIP, everything
 * else is kept byte for byte, and so are the images' names: a file whose name ends in {@code .jpg}
 * may then hold a PNG.
 */
public final class Bundles {

  private Bundles() {}

  /**
   * Opens a bundle and reads its description; images are read later, in order, and upright.
   *
   * @throws BundleException when it cannot be read or is over a limit
   */
  public static BundleReader open(Path file, BundleLimits limits) throws BundleException {
    return open(file, limits, BundleOptions.DEFAULT);
  }

  /**
   * Opens a bundle and reads its description; images are read later, in order.
   *
   * @throws BundleException when it cannot be read or is over a limit
   */
  public static BundleReader open(Path file, BundleLimits limits, BundleOptions options)
      throws BundleException {
    if (check(file, limits) == BundleFormat.HDF5) {
      requireZip(options);
      return new HdfBundleReader(HdfBundle.open(file, limits));
    }
    return new ZipBundleReader(ZipBundle.open(file, limits, options, false));
  }

  private static void requireZip(BundleOptions options) throws BundleException {
    if (!options.images().isEmpty()) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "The bundle is HDF5, which has no folders of images to choose from; leave out 'images'");
    }
  }

  /**
   * Creates a copy of {@code source} with other images: those written to it. In the source's
   * format, everything else is kept bit for bit, and the pixel type, too; {@link
   * BundleWriter#report} names what another format cannot hold.
   *
   * @param target created by {@link BundleWriter#finish}; its folder must exist
   * @throws BundleException when {@code source} cannot be read or is over a limit
   */
  public static BundleWriter rewrite(
      Path target, BundleFormat format, Path source, BundleLimits limits, Provenance provenance)
      throws BundleException, IOException {
    return rewrite(target, format, source, limits, BundleOptions.DEFAULT, provenance);
  }

  /**
   * Creates a copy as {@link #rewrite(Path, BundleFormat, Path, BundleLimits, Provenance)} does.
   *
   * @param options those with which the images are read, apart from {@code upright}: a ZIP that is
   *     copied as ZIP takes images as they are stored, and one that is copied as HDF5 takes them
   *     upright
   */
  public static BundleWriter rewrite(
      Path target,
      BundleFormat format,
      Path source,
      BundleLimits limits,
      BundleOptions options,
      Provenance provenance)
      throws BundleException, IOException {
    if (check(source, limits) == BundleFormat.HDF5) {
      requireZip(options);
      return rewriteHdf(target, format, source, HdfBundle.open(source, limits), provenance);
    }
    if (format == BundleFormat.ZIP) {
      ZipBundle bundle = ZipBundle.open(source, limits, options.asStored(), true);
      return ZipCopyWriter.open(target, bundle, provenance);
    }
    ZipBundle bundle = ZipBundle.open(source, limits, options, false);
    try {
      ImageLabels labels = bundle.labels();
      List<String> remarks = new ArrayList<>(labels.remarks());
      List<Column> columns = ImageLabelColumn.forHdf(labels, remarks);
      RewriteReport report = ZipConversion.report(bundle, labels, remarks);
      BundleWriter writer =
          write(target, format, bundle.info(), columns, bundle::close, provenance.with(report));
      return new ReportingWriter(writer, report);
    } catch (BundleException | IOException | RuntimeException e) {
      bundle.close();
      throw e;
    }
  }

  private static BundleWriter rewriteHdf(
      Path target, BundleFormat format, Path source, HdfBundle bundle, Provenance provenance)
      throws BundleException, IOException {
    try {
      if (format == BundleFormat.HDF5) {
        bundle.verifyLabels();
        RewriteReport report = new RewriteReport(List.of(), bundle.remarks());
        return new ReportingWriter(
            HdfCopyWriter.open(target, source, bundle, provenance.with(report)), report);
      }
      HdfBundle.Conversion conversion = bundle.conversion();
      RewriteReport report = new RewriteReport(conversion.leftOut(), bundle.remarks());
      BundleWriter writer =
          write(
              target,
              format,
              bundle.info(),
              conversion.columns(),
              bundle::close,
              provenance.with(report));
      return new ReportingWriter(writer, report);
    } catch (BundleException | IOException | RuntimeException e) {
      bundle.close();
      throw e;
    }
  }

  private static BundleWriter write(
      Path target,
      BundleFormat format,
      BundleInfo info,
      List<Column> columns,
      Runnable source,
      Provenance provenance)
      throws BundleException, IOException {
    if (format == BundleFormat.ZIP) {
      ZipBundleWriter.Contents contents = ZipContents.table(columns, info.count(), source);
      return ZipBundleWriter.open(target, info.shape(), info.count(), contents, provenance);
    }
    try {
      return HdfBundleWriter.open(
          target, info.shape(), info.count(), info.pixels(), columns, provenance);
    } finally {
      source.run();
    }
  }

  /**
   * Creates a new bundle.
   *
   * @param target created by {@link BundleWriter#finish}; its folder must exist
   * @param count how many images will be written
   * @param labels each with {@code count} rows
   */
  public static BundleWriter create(
      Path target,
      BundleFormat format,
      ImageShape shape,
      long count,
      PixelType pixels,
      List<Label> labels,
      Provenance provenance)
      throws IOException {
    Set<String> names = new HashSet<>();
    for (Label label : labels) {
      if (label.count() != count) {
        throw new IllegalArgumentException(
            "Label '" + label.name() + "' has " + label.count() + " rows for " + count + " images");
      }
      if (!names.add(label.name())) {
        throw new IllegalArgumentException("Label '" + label.name() + "' is given twice");
      }
    }
    List<Column> columns = labels.stream().map(Label::column).toList();
    try {
      BundleInfo info = new BundleInfo(format, shape, count, pixels, List.copyOf(names));
      return write(target, format, info, columns, () -> {}, provenance);
    } catch (BundleException e) {
      throw new IllegalArgumentException("The labels cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * Returns everything in a bundle.
   *
   * @throws BundleException when it cannot be read or is over a limit
   */
  public static Inventory inventory(Path file, BundleLimits limits, BundleOptions options)
      throws BundleException {
    if (check(file, limits) == BundleFormat.HDF5) {
      requireZip(options);
      try (HdfBundle bundle = HdfBundle.open(file, limits)) {
        return bundle.inventory();
      }
    }
    try (ZipBundle bundle = ZipBundle.open(file, limits, options, true)) {
      return bundle.inventory();
    }
  }

  /**
   * Returns what a copy made by {@link #rewrite} would not hold, without writing one.
   *
   * @param format of the copy
   * @param options as for {@link #rewrite}
   * @throws BundleException when the bundle cannot be read, is over a limit, or cannot be copied in
   *     this format
   */
  public static RewriteReport conversion(
      Path file, BundleFormat format, BundleLimits limits, BundleOptions options)
      throws BundleException {
    if (check(file, limits) == BundleFormat.ZIP) {
      boolean copy = format == BundleFormat.ZIP;
      try (ZipBundle bundle =
          ZipBundle.open(file, limits, copy ? options.asStored() : options, copy)) {
        ImageLabels labels = bundle.labels();
        List<String> remarks = new ArrayList<>(labels.remarks());
        if (copy) {
          return ZipConversion.copy(bundle, remarks);
        }
        ImageLabelColumn.forHdf(labels, remarks);
        return ZipConversion.report(bundle, labels, remarks);
      }
    }
    requireZip(options);
    try (HdfBundle bundle = HdfBundle.open(file, limits)) {
      if (format == BundleFormat.HDF5) {
        bundle.verifyLabels();
        return new RewriteReport(List.of(), bundle.remarks());
      }
      HdfBundle.Conversion conversion = bundle.conversion();
      ZipContents.check(conversion.columns(), bundle.info().count());
      return new RewriteReport(conversion.leftOut(), bundle.remarks());
    }
  }

  /** Checks that the file may be opened, and returns its format. */
  private static BundleFormat check(Path file, BundleLimits limits) throws BundleException {
    try (FileChannel channel = FileChannel.open(file)) {
      LimitChecks.checkBytes(file, limits);
      if (HdfStorage.signature(channel).isPresent()) {
        return BundleFormat.HDF5;
      }
      ByteBuffer start = ByteBuffer.allocate(4);
      channel.read(start, 0);
      if (start.getInt(0) == 0x504B0304 || start.getInt(0) == 0x504B0506) {
        return BundleFormat.ZIP;
      }
    } catch (IOException e) {
      throw new BundleException(
          BundleFault.UNREADABLE, "The bundle cannot be read: " + e.getMessage(), e);
    }
    throw new BundleException(
        BundleFault.NOT_A_BUNDLE,
        "The file is neither HDF5 nor ZIP: it has the signature of neither");
  }
}
