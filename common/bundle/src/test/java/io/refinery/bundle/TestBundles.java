package io.refinery.bundle;

import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Creates and reads small bundles. */
final class TestBundles {

  static final Provenance PROVENANCE = new Provenance(attributes());

  private TestBundles() {}

  private static Map<String, String> attributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("refinery.model", "eyes@7");
    attributes.put("refinery.engine", "onnx");
    attributes.put("refinery.note", "");
    return attributes;
  }

  /** Returns black-and-white noise, which every pixel type stores exactly. */
  static ImageBatch noise(ImageShape shape, int count) {
    Random random = new Random(7);
    float[] pixels = new float[count * shape.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextBoolean() ? 1f : -1f;
    }
    return new ImageBatch(count, shape, pixels);
  }

  static Path write(
      Path file, BundleFormat format, ImageBatch images, PixelType pixels, List<Label> labels)
      throws IOException {
    try (BundleWriter writer =
        Bundles.create(file, format, images.shape(), images.count(), pixels, labels, PROVENANCE)) {
      writer.write(images);
      writer.finish();
    }
    return file;
  }

  /** Returns a file from the test resources. */
  static Path fixture(String name) {
    try {
      return Path.of(TestBundles.class.getResource("/bundles/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Copies every image of {@code source} unchanged into a new bundle of the same format. */
  static Path rewrite(Path source, Path target, BundleLimits limits)
      throws BundleException, IOException {
    try (BundleReader reader = Bundles.open(source, limits)) {
      return rewrite(reader, source, target, reader.info().format(), limits);
    }
  }

  /** Copies the images of {@code source} that {@code options} choose, in its format. */
  static Path rewrite(Path source, Path target, BundleOptions options)
      throws BundleException, IOException {
    BundleLimits limits = BundleLimits.DEFAULT;
    try (BundleReader reader = Bundles.open(source, limits, options);
        BundleWriter writer =
            Bundles.rewrite(target, reader.info().format(), source, limits, options, PROVENANCE)) {
      for (var batch = reader.read(32); batch.isPresent(); batch = reader.read(32)) {
        writer.write(batch.get());
      }
      writer.finish();
    }
    return target;
  }

  /** Copies every image of {@code source} unchanged into a new bundle. */
  static Path rewrite(Path source, Path target, BundleFormat format)
      throws BundleException, IOException {
    try (BundleReader reader = Bundles.open(source, BundleLimits.DEFAULT)) {
      return rewrite(reader, source, target, format, BundleLimits.DEFAULT);
    }
  }

  private static Path rewrite(
      BundleReader reader, Path source, Path target, BundleFormat format, BundleLimits limits)
      throws BundleException, IOException {
    try (BundleWriter writer = Bundles.rewrite(target, format, source, limits, PROVENANCE)) {
      for (var batch = reader.read(32); batch.isPresent(); batch = reader.read(32)) {
        writer.write(batch.get());
      }
      writer.finish();
    }
    return target;
  }

  static BundleInfo info(Path file) throws BundleException {
    try (BundleReader reader = Bundles.open(file, BundleLimits.DEFAULT)) {
      return reader.info();
    }
  }

  static ImageBatch read(Path file) throws BundleException {
    return read(file, BundleLimits.DEFAULT);
  }

  static ImageBatch read(Path file, BundleLimits limits) throws BundleException {
    try (BundleReader reader = Bundles.open(file, limits)) {
      List<ImageBatch> batches = new ArrayList<>();
      for (var batch = reader.read(33); batch.isPresent(); batch = reader.read(33)) {
        batches.add(batch.get());
      }
      return ImageBatch.concat(batches);
    }
  }
}
