package io.refinery.bundle;

import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.refinery.bundle.table.ImageLabel;
import io.refinery.bundle.table.ImageLabels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A label of image files as a column. */
record ImageLabelColumn(String name, ImageLabel label) implements Column {

  /** Most labels of an HDF5 bundle that can be read again. */
  private static final int MOST_LABELS = 1000;

  /** The dataset of the images in HDF5. */
  private static final String IMAGES = "images";

  static List<Column> of(ImageLabels labels) {
    return labels.labels().stream()
        .<Column>map(label -> new ImageLabelColumn(label.name(), label))
        .toList();
  }

  /**
   * Returns the labels under names for HDF5, in which {@code images} is the dataset of the images.
   *
   * @param remarks receives a sentence for every label with another name
   */
  static List<Column> forHdf(ImageLabels labels, List<String> remarks) throws BundleException {
    if (labels.labels().size() > MOST_LABELS) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "The bundle has "
              + labels.labels().size()
              + " labels; HDF5 bundles have at most "
              + MOST_LABELS);
    }
    Set<String> taken = new HashSet<>();
    labels.labels().forEach(label -> taken.add(label.name()));
    List<Column> columns = new ArrayList<>();
    for (ImageLabel label : labels.labels()) {
      String name = label.name();
      if (name.equals(IMAGES) || name.startsWith(IMAGES + "/")) {
        name = IMAGES + "_label" + name.substring(IMAGES.length());
        if (!taken.add(name)) {
          throw new BundleException(
              BundleFault.AMBIGUOUS,
              "Label 'images' must have another name in HDF5, but '"
                  + name
                  + "' is taken; rename"
                  + " one of them");
        }
        remarks.add("Label '" + label.name() + "' is '" + name + "' in HDF5");
      }
      columns.add(new ImageLabelColumn(name, label));
    }
    return columns;
  }

  @Override
  public HdfType type() {
    return switch (label.type()) {
      case TEXT -> HdfType.strings();
      case FLOAT64 -> HdfType.of(FloatingPoint.DOUBLE);
      case INT64 -> HdfType.of(new FixedPoint(Long.BYTES, true));
    };
  }

  @Override
  public long[] rowDims() {
    return label.dims().stream().mapToLong(Integer::longValue).toArray();
  }

  @Override
  public void read(long from, int count, byte[] into) throws BundleException {
    long[] bits =
        ParserErrors.guard("Label '" + name + "'", () -> label.bits(Math.toIntExact(from), count));
    ByteBuffer.wrap(into).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(bits);
  }

  @Override
  public byte[][] readVariable(long from, int count) throws BundleException {
    String[] texts =
        ParserErrors.guard("Label '" + name + "'", () -> label.texts(Math.toIntExact(from), count));
    byte[][] values = new byte[texts.length][];
    for (int i = 0; i < texts.length; i++) {
      values[i] = texts[i].getBytes(StandardCharsets.UTF_8);
    }
    return values;
  }
}
