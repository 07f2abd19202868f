package io.refinery.storage;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The objects that requests may name: those of whole buckets, and those below prefixes of buckets.
 * Prefixes are compared by whole segments between slashes, and nothing is resolved: to a store,
 * {@code ..} and empty segments are parts of a key like any others.
 */
public final class AllowedObjects {

  private final List<Place> places;

  private AllowedObjects(List<Place> places) {
    this.places = places;
  }

  private record Place(String bucket, List<String> segments) {

    boolean contains(ObjectRef ref) {
      List<String> key = split(ref.key());
      return ref.bucket().equals(bucket)
          && key.size() >= segments.size()
          && key.subList(0, segments.size()).equals(segments);
    }
  }

  /**
   * @param places each {@code bucket} or {@code bucket/prefix}; a slash at the end means nothing
   * @throws IllegalArgumentException naming the one that is neither
   */
  public static AllowedObjects of(Collection<String> places) {
    return new AllowedObjects(places.stream().map(AllowedObjects::place).toList());
  }

  private static Place place(String text) {
    String place = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    List<String> parts = split(place);
    if (place.contains("://") || parts.contains("")) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a bucket or a bucket/prefix, such as refinery/bundles");
    }
    return new Place(parts.get(0), List.copyOf(parts.subList(1, parts.size())));
  }

  private static List<String> split(String text) {
    return Arrays.asList(text.split("/", -1));
  }

  /**
   * Returns whether a request may name an object, or all objects below a key that ends with a
   * slash.
   */
  public boolean contains(ObjectRef ref) {
    return places.stream().anyMatch(place -> place.contains(ref));
  }
}
