package io.refinery.bundle.pack;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Label;
import io.refinery.bundle.Provenance;
import io.refinery.bundle.pack.PackLabel.Motion;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes a stacked HDF5 bundle. */
final class Packer {

  private final PackSource source;
  private final PackOptions options;
  private final List<Framing> framings = new ArrayList<>();
  private final List<String> remarks;

  Packer(PackSource source, PackOptions options) {
    this.source = source;
    this.options = options;
    this.remarks = new ArrayList<>(source.remarks());
  }

  /**
   * Writes the bundle.
   *
   * @param progress is told after every image
   */
  PackReport write(Path target, Provenance provenance, PackProgress progress)
      throws BundleException, IOException {
    frame();
    Picture first = picture(0);
    ImageShape shape = new ImageShape(first.channels(), first.height(), first.width());
    List<Label> labels = new ArrayList<>();
    for (PackLabel label : labels()) {
      requireName(label.name());
      labels.add(label.framed(framings));
    }
    try (BundleWriter writer =
        Bundles.create(
            target,
            BundleFormat.HDF5,
            shape,
            source.count(),
            PixelType.UINT8,
            labels,
            provenance)) {
      for (int i = 0; i < source.count(); i++) {
        Picture picture = i == 0 ? first : picture(i);
        requireShape(picture, shape, i);
        byte[] levels = new byte[shape.values()];
        picture.copyPlanar(levels, 0);
        writer.write(new LevelBatch(1, shape, levels));
        progress.packed(i + 1L, source.count());
      }
      writer.finish();
    }
    return new PackReport(
        source.count(),
        shape,
        labels.stream().map(Label::name).toList(),
        source.leftOut(),
        remarks);
  }

  private static void requireName(String label) throws BundleException {
    if (!Label.isName(label)) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "HDF5 cannot store a label under the name '" + label + "': rename it");
    }
  }

  /** Decides which part of each image is taken. */
  private void frame() throws BundleException, IOException {
    int whole = 0;
    for (int i = 0; i < source.count(); i++) {
      PackOptions.Size size = source.size(i);
      Framing framing =
          options
              .size()
              .map(to -> Framing.middle(size.width(), size.height(), to.width(), to.height()))
              .orElseGet(() -> Framing.whole(size.width(), size.height()));
      framings.add(framing);
      whole += framing.isWhole() ? 1 : 0;
    }
    if (whole < source.count()) {
      remarks.add(
          "%,d of %,d images were cropped to the proportions of %s around their middle, and scaled."
              .formatted(source.count() - whole, source.count(), options.size().orElseThrow()));
    }
  }

  private Picture picture(int image) throws BundleException, IOException {
    Picture picture = source.read(image);
    return framings.get(image).apply(options.gray() ? picture.gray() : picture);
  }

  private List<PackLabel> labels() throws BundleException, IOException {
    List<PackLabel> labels = new ArrayList<>(source.labels());
    for (String point : options.points()) {
      move(point, labels);
    }
    if (framings.stream().anyMatch(framing -> !framing.isWhole())) {
      List<String> moved = labels.stream().filter(PackLabel::moves).map(PackLabel::name).toList();
      remarks.add(
          moved.isEmpty()
              ? "No label was moved with the pixels; name those that are points with --points."
              : "Moved with the pixels: " + String.join(", ", moved) + ". No other label was.");
    }
    return labels;
  }

  /** Lets a label, or the two that hold its x and y, move with the pixels. */
  private static void move(String point, List<PackLabel> labels) throws BundleException {
    boolean whole = move(point, Motion.POINTS, labels);
    if (!whole && !(move(point + "_x", Motion.X, labels) && move(point + "_y", Motion.Y, labels))) {
      throw new BundleException(
          BundleFault.AMBIGUOUS,
          "There is no label '%s' of x and y, nor '%s_x' and '%s_y', to move with the pixels; the labels are %s"
              .formatted(point, point, point, labels.stream().map(PackLabel::name).toList()));
    }
  }

  private static boolean move(String name, Motion motion, List<PackLabel> labels) {
    for (int i = 0; i < labels.size(); i++) {
      if (labels.get(i).name().equals(name) && labels.get(i).canBe(motion)) {
        labels.set(i, labels.get(i).moving(motion));
        return true;
      }
    }
    return false;
  }

  private void requireShape(Picture picture, ImageShape shape, int image) throws BundleException {
    ImageShape found = new ImageShape(picture.channels(), picture.height(), picture.width());
    if (!found.equals(shape)) {
      throw new BundleException(
          BundleFault.MIXED_SIZES,
          "Image "
              + image
              + " (counted from 0) is "
              + found
              + " while the first image is "
              + shape
              + "; give all one size with --size, and make all gray with --gray");
    }
  }
}
