package io.refinery.message;

import com.fasterxml.jackson.annotation.JsonValue;
import io.refinery.storage.ObjectRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bundles of one domain of a training. As JSON, a list of addresses, or an object with {@code
 * bundles} and {@code images} if there are {@code images}.
 *
 * @param bundles a key that ends in a slash means all bundles below it
 * @param images for ZIPs that also hold masks or the like: the images' folders, or globs of their
 *     names, in each of the bundles; empty for every image. At most 16, of 1 to 256 characters
 */
public record TrainingSource(List<ObjectRef> bundles, List<String> images) {

  /** No bundle. */
  public static final TrainingSource NONE = new TrainingSource(List.of(), List.of());

  public TrainingSource {
    bundles = List.copyOf(bundles);
    images = ImageNames.checked(images);
    if (bundles.isEmpty() && !images.isEmpty()) {
      throw new IllegalArgumentException("There are 'images', but no 'bundles' to take them from");
    }
  }

  /** Creates a source of every image of its bundles. */
  public TrainingSource(List<ObjectRef> bundles) {
    this(bundles, List.of());
  }

  public boolean isEmpty() {
    return bundles.isEmpty();
  }

  @JsonValue
  Object json() {
    if (images.isEmpty()) {
      return bundles;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("bundles", bundles);
    fields.put("images", images);
    return fields;
  }
}
