package io.refinery.console.config;

import io.refinery.registry.ModelKeys;
import io.refinery.registry.SigningKey;
import io.refinery.registry.TrustedKeys;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the keys that the settings name. */
public final class ModelKeysFactory {

  private ModelKeysFactory() {}

  /**
   * Reads the keys.
   *
   * @throws ConfigurationException naming the setting whose key cannot be read or used
   */
  public static ModelKeys of(Settings.Models models) {
    return new ModelKeys(signer(models), trusted(models));
  }

  private static Optional<SigningKey> signer(Settings.Models models) {
    if (models.signingKeyFile().isPresent() && models.signingKey().isPresent()) {
      throw new ConfigurationException(
          "refinery.models.signing-key and refinery.models.signing-key-file are both set: leave one"
              + " out.");
    }
    return models
        .signingKeyFile()
        .map(file -> read("signing-key-file", () -> SigningKey.read(file)))
        .or(() -> models.signingKey().map(pem -> read("signing-key", () -> SigningKey.parse(pem))));
  }

  private static TrustedKeys trusted(Settings.Models models) {
    return read("trusted-keys", () -> TrustedKeys.read(models.trustedKeys().orElse(List.of())));
  }

  private static <K> K read(String setting, Supplier<K> key) {
    try {
      return key.get();
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "refinery.models.%s: %s.".formatted(setting, e.getMessage()), e);
    }
  }
}
