package io.refinery.bundle.table;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.Omission;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Labels of {@code count} images. */
record ReadLabels(ImageLabels labels, int count) {

  ImageLabel label(String name) {
    return labels.labels().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No label " + name + " among " + names()));
  }

  List<String> names() {
    return labels.labels().stream().map(ImageLabel::name).toList();
  }

  /** Returns the values of all images as text. */
  List<String> values(String name) throws BundleException, IOException {
    ImageLabel label = label(name);
    return switch (label.type()) {
      case TEXT -> List.of(label.texts(0, count));
      case FLOAT64 ->
          Arrays.stream(label.bits(0, count))
              .mapToObj(bits -> String.valueOf(Double.longBitsToDouble(bits)))
              .toList();
      case INT64 -> Arrays.stream(label.bits(0, count)).mapToObj(String::valueOf).toList();
    };
  }

  List<String> leftOut() {
    return labels.leftOut().stream().map(Omission::what).toList();
  }
}
