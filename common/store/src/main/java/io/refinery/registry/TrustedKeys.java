package io.refinery.registry;

import io.refinery.storage.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The public keys whose signatures this process accepts on versions. Without any, it accepts every
 * version that fits its manifest.
 */
public final class TrustedKeys {

  /** No keys: signatures are not checked. */
  public static final TrustedKeys NONE = new TrustedKeys(Map.of());

  static final String PUBLIC = "PUBLIC KEY";

  private static final int ID_DIGITS = 16;

  private final Map<String, PublicKey> keys;

  private TrustedKeys(Map<String, PublicKey> keys) {
    this.keys = Collections.unmodifiableMap(new TreeMap<>(keys));
  }

  /**
   * Reads public keys.
   *
   * @param files each with one or more Ed25519 public keys as PEM, such as {@code openssl pkey
   *     -pubout} writes
   * @throws IllegalArgumentException naming the file that cannot be read or holds no such key
   */
  public static TrustedKeys read(Collection<Path> files) {
    Map<String, PublicKey> keys = new TreeMap<>();
    for (Path file : files) {
      try {
        keys.putAll(parse(Files.readString(file)).keys);
      } catch (IOException e) {
        throw new IllegalArgumentException("The trusted key " + file + " cannot be read: " + e, e);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "The trusted key " + file + " cannot be used: " + e.getMessage(), e);
      }
    }
    return new TrustedKeys(keys);
  }

  /**
   * Parses public keys.
   *
   * @param pem as in {@link #read}
   * @throws IllegalArgumentException when there is none
   */
  public static TrustedKeys parse(String pem) {
    List<byte[]> blocks = Pem.decode(PUBLIC, pem);
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("it has no block named " + PUBLIC);
    }
    Map<String, PublicKey> keys = new TreeMap<>();
    for (byte[] block : blocks) {
      PublicKey key = decoded(block);
      keys.put(id(key), key);
    }
    return new TrustedKeys(keys);
  }

  private static PublicKey decoded(byte[] block) {
    try {
      return KeyFactory.getInstance(SigningKey.ALGORITHM)
          .generatePublic(new X509EncodedKeySpec(block));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("it is not an Ed25519 public key", e);
    }
  }

  static String id(PublicKey key) {
    return Sha256.of(key.getEncoded()).substring(0, ID_DIGITS);
  }

  /** Returns these keys and {@code other}. */
  TrustedKeys and(TrustedKeys other) {
    Map<String, PublicKey> all = new TreeMap<>(keys);
    all.putAll(other.keys);
    return new TrustedKeys(all);
  }

  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /** Returns the keys' ids, each the first 16 hexadecimal digits of a public key's SHA-256. */
  public Set<String> ids() {
    return keys.keySet();
  }

  /** Returns whether the key {@code id} made {@code signature} of exactly these bytes. */
  boolean isSigned(String id, byte[] manifest, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(SigningKey.ALGORITHM);
      verifier.initVerify(keys.get(id));
      verifier.update(manifest);
      return verifier.verify(signature);
    } catch (SignatureException e) {
      return false; // Not a signature at all.
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot verify with the key " + id, e);
    }
  }

  /** Names the keys by their ids. */
  @Override
  public String toString() {
    return "TrustedKeys" + keys.keySet();
  }
}
