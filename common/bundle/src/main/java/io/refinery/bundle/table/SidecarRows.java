package io.refinery.bundle.table;

import io.refinery.bundle.BundleException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of files beside images. Files are read when a label is. In a small bundle all are
 * kept, so that each is read once for all labels; in a large one the first and the last.
 */
final class SidecarRows {

  /** Most numbers and texts of files that are kept. */
  private static final int MOST_KEPT = 8 << 20;

  /** Files that are kept besides: at least a batch, whose labels are read one after the other. */
  private static final int MOST_RECENT = 256;

  private static final class Recent extends LinkedHashMap<Integer, Row> {

    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, Row> eldest) {
      return size() > MOST_RECENT;
    }
  }

  /** The values of one file, label after label. */
  private static final class Row {

    private final long[] bits;
    private final String[] texts;

    Row(int numbers, int texts) {
      this.bits = new long[numbers];
      this.texts = new String[texts];
    }
  }

  /** Where a label is in a row. */
  private record Place(SidecarShape shape, int start) {}

  private final SidecarKind kind;
  private final NamedFiles files;
  private final List<String> names;
  private final ImageHeights heights;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Map<Integer, Row> kept = new HashMap<>();
  private final Map<Integer, Row> recent = new Recent();
  private final int mostKept;
  private int numbers;
  private int texts;

  /**
   * Creates rows.
   *
   * @param names the file of each image
   * @param shapes the shape of every label
   */
  SidecarRows(
      SidecarKind kind,
      NamedFiles files,
      List<String> names,
      ImageHeights heights,
      Map<String, SidecarShape> shapes) {
    this.kind = kind;
    this.files = files;
    this.names = names;
    this.heights = heights;
    shapes.forEach(
        (path, shape) -> {
          int elements = elements(shape.dims());
          if (shape.type() == ImageLabel.Type.TEXT) {
            places.put(path, new Place(shape, texts));
            texts += elements;
          } else {
            places.put(path, new Place(shape, numbers));
            numbers += elements;
          }
        });
    this.mostKept = MOST_KEPT / Math.max(1, numbers + texts);
  }

  private static int elements(List<Integer> dims) {
    return dims.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
  }

  /** Returns the labels, with these names for their paths. */
  List<ImageLabel> labels(Map<String, String> labelNames) {
    List<ImageLabel> labels = new ArrayList<>();
    places.forEach((path, place) -> labels.add(new Sidecar(labelNames.get(path), place)));
    return labels;
  }

  private Row row(int image) throws BundleException, IOException {
    Row row = kept.containsKey(image) ? kept.get(image) : recent.get(image);
    if (row == null) {
      row = read(image);
      (kept.size() < mostKept ? kept : recent).put(image, row);
    }
    return row;
  }

  private Row read(int image) throws BundleException, IOException {
    Map<String, JsonValue> values = kind.read(files, names.get(image), heights.of(image));
    Row row = new Row(numbers, texts);
    for (Map.Entry<String, Place> entry : places.entrySet()) {
      SidecarShape shape = entry.getValue().shape();
      JsonValue value = values.get(entry.getKey());
      if (value == null || !value.dims().equals(shape.dims())) {
        throw Faults.unreadable(Examples.quoted(names.get(image)) + " changed while it was read");
      }
      int at = entry.getValue().start();
      for (String cell : value.cells()) {
        if (shape.type() == ImageLabel.Type.TEXT) {
          row.texts[at++] = cell;
        } else {
          row.bits[at++] = NumberScan.bits(cell, shape.type());
        }
      }
    }
    return row;
  }

  private final class Sidecar implements ImageLabel {

    private final String name;
    private final Place place;

    Sidecar(String name, Place place) {
      this.name = name;
      this.place = place;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public ImageLabel.Type type() {
      return place.shape().type();
    }

    @Override
    public List<Integer> dims() {
      return place.shape().dims();
    }

    @Override
    public boolean isPoints() {
      return place.shape().isPoints();
    }

    @Override
    public long[] bits(int from, int count) throws BundleException, IOException {
      if (type() == ImageLabel.Type.TEXT) {
        throw new UnsupportedOperationException("Label '" + name + "' is text");
      }
      int elements = elements();
      long[] bits = new long[Math.multiplyExact(count, elements)];
      for (int i = 0; i < count; i++) {
        System.arraycopy(row(from + i).bits, place.start(), bits, i * elements, elements);
      }
      return bits;
    }

    @Override
    public String[] texts(int from, int count) throws BundleException, IOException {
      if (type() != ImageLabel.Type.TEXT) {
        throw new UnsupportedOperationException("Label '" + name + "' is numeric");
      }
      int elements = elements();
      String[] read = new String[Math.multiplyExact(count, elements)];
      for (int i = 0; i < count; i++) {
        System.arraycopy(row(from + i).texts, place.start(), read, i * elements, elements);
      }
      return read;
    }
  }
}
