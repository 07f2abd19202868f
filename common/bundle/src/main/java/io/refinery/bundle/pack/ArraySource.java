package io.refinery.bundle.pack;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.Omission;
import io.refinery.bundle.array.ArrayFile;
import io.refinery.bundle.array.NamedArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The images of a file of NumPy or MATLAB. */
final class ArraySource implements PackSource {

  private final NamedArray images;
  private final List<PackLabel> labels = new ArrayList<>();
  private final List<Omission> leftOut;

  private ArraySource(ArrayBundle bundle) {
    this.images = bundle.images();
    this.leftOut = new ArrayList<>(bundle.leftOut());
    for (NamedArray array : bundle.labels()) {
      int[] dims = array.dims();
      int[] row = Arrays.copyOfRange(dims, 1, dims.length);
      if (array.type().isPresent()) {
        labels.add(
            PackLabel.numbers(
                array.name(), array.type().get(), row, array.bytes(), PackLabel.Motion.NONE));
      } else if (row.length == 0) {
        labels.add(PackLabel.texts(array.name(), array.texts()));
      } else {
        leftOut.add(new Omission(array.name(), "it has several texts per image"));
      }
    }
  }

  static ArraySource open(Path file, PackOptions options) throws BundleException {
    if (options.images().size() > 1) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "Give one array with --images, not " + String.join(" and ", options.images()));
    }
    Optional<String> name = options.images().stream().findFirst();
    return new ArraySource(ArrayBundle.of(ArrayFile.read(file), name, options.axes()));
  }

  @Override
  public int count() {
    return images.dims()[0];
  }

  @Override
  public PackOptions.Size size(int image) {
    return new PackOptions.Size(images.dims()[2], images.dims()[1]);
  }

  @Override
  public Picture read(int image) {
    int[] dims = images.dims();
    int channels = dims.length == 4 ? dims[3] : 1;
    int bytes = dims[1] * dims[2] * channels;
    byte[] one = Arrays.copyOfRange(images.bytes(), image * bytes, (image + 1) * bytes);
    return new Picture(dims[2], dims[1], channels, one);
  }

  @Override
  public List<PackLabel> labels() {
    return List.copyOf(labels);
  }

  @Override
  public List<Omission> leftOut() {
    return List.copyOf(leftOut);
  }

  @Override
  public List<String> remarks() {
    return List.of();
  }

  @Override
  public void close() {}
}
