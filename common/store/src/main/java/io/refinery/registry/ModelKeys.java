package io.refinery.registry;

import java.util.Optional;

/**
 * The keys of a process that publishes or reads versions.
 *
 * @param signer signs the versions that this process publishes; empty for unsigned versions
 * @param trusted accepted on versions that this process reads; if there are any, the signer's own
 *     key is one of them
 */
public record ModelKeys(Optional<SigningKey> signer, TrustedKeys trusted) {

  /** Versions are neither signed nor checked. */
  public static final ModelKeys NONE = new ModelKeys(Optional.empty(), TrustedKeys.NONE);

  public ModelKeys {
    if (signer.isPresent() && !trusted.isEmpty()) {
      trusted = trusted.and(TrustedKeys.parse(signer.get().publicPem()));
    }
  }

  /** Returns keys of a process that only reads. */
  public static ModelKeys trusting(TrustedKeys trusted) {
    return new ModelKeys(Optional.empty(), trusted);
  }
}
