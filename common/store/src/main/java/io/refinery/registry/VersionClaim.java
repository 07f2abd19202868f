package io.refinery.registry;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A claim on a version number, as one line of text: the time, a random id, and the publication if
 * there is one. No two claims are equal, so a writer recognises its own claim if the store's answer
 * was lost.
 */
record VersionClaim(Instant at, UUID id, Optional<String> publication) {

  static final int MAX_BYTES = 1 << 10;

  byte[] bytes() {
    String line = at + " " + id + publication.map(name -> " " + name).orElse("") + "\n";
    return line.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether a claim was made by an attempt of {@code publication}. */
  static boolean isOf(String publication, String text) {
    String[] words = text.strip().split(" ", -1);
    return words.length == 3 && words[2].equals(publication);
  }
}
