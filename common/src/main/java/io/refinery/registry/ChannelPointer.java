package io.refinery.registry;

import java.time.Instant;
import java.util.Objects;

/**
 * Where a channel points.
 *
 * @param version number of the version, from 1
 * @param manifestSha256 hash of that version's manifest, 64 hexadecimal digits
 * @param moved when the channel came to point there
 */
public record ChannelPointer(int version, String manifestSha256, Instant moved) {

  public ChannelPointer {
    if (version < 1) {
      throw new IllegalArgumentException("Versions count from 1, not " + version);
    }
    Objects.requireNonNull(manifestSha256, "manifestSha256");
    Objects.requireNonNull(moved, "moved");
  }
}
