package io.refinery.storage;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where the keys of an object store come from. */
public enum CredentialsSource {
  /** An access key and a secret key that never change. */
  STATIC,
  /** A file or a mounted secret, read again when it changes. */
  FILE,
  /** A token in a file, exchanged for temporary keys (AssumeRoleWithWebIdentity). */
  WEB_IDENTITY,
  /** A profile in AWS's credentials file. */
  AWS_PROFILE,
  /** The metadata service of the instance, container or pod. */
  INSTANCE,
  /**
   * The first that is configured: static keys, file, {@code AWS_ACCESS_KEY_ID}, web identity, AWS's
   * credentials file, and otherwise the metadata service. A source that is configured and fails is
   * not skipped, so that a process never works with keys of another identity.
   */
  CHAIN;

  /**
   * @param text such as {@code web-identity}
   * @throws IllegalArgumentException listing what is valid
   */
  public static CredentialsSource parse(String text) {
    return Arrays.stream(values())
        .filter(source -> source.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is not one of %s"
                        .formatted(
                            text,
                            Arrays.stream(values())
                                .map(CredentialsSource::toString)
                                .collect(Collectors.joining(", ")))));
  }

  /** Returns the name that settings use. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
