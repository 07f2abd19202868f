package io.refinery.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/**
 * An Ed25519 key pair that signs manifests. The signature is over the manifest's bytes, which hold
 * the version's name and number and the hash of each of its files.
 */
public final class SigningKey {

  static final String ALGORITHM = "Ed25519";

  private static final String PRIVATE = "PRIVATE KEY";

  private final PrivateKey privateKey;
  private final PublicKey publicKey;

  private SigningKey(PrivateKey privateKey, PublicKey publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /** Makes a new key pair. */
  public static SigningKey generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      return new SigningKey(pair.getPrivate(), pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime lacks Ed25519", e);
    }
  }

  /**
   * Reads a private key.
   *
   * @param file PKCS#8 as PEM, such as {@code openssl genpkey -algorithm ed25519} writes
   * @throws IllegalArgumentException naming the file, when it cannot be read or holds no such key
   */
  public static SigningKey read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("The signing key " + file + " cannot be read: " + e, e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "The signing key " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Parses a private key.
   *
   * @param pem as in {@link #read}
   * @throws IllegalArgumentException when it is not such a key; the message does not quote it
   */
  public static SigningKey parse(String pem) {
    List<byte[]> blocks = Pem.decode(PRIVATE, pem);
    if (blocks.size() != 1) {
      throw new IllegalArgumentException(
          "it has %d blocks named %s, not one; `refinery models keys` makes a key"
              .formatted(blocks.size(), PRIVATE));
    }
    try {
      PrivateKey key =
          KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(blocks.get(0)));
      return new SigningKey(key, publicKey((EdECPrivateKey) key));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("it is not an Ed25519 private key in PKCS#8", e);
    }
  }

  /**
   * PKCS#8 holds the seed alone, and Java derives a public key only when it makes a pair: from
   * random bytes, which are the seed here.
   */
  private static PublicKey publicKey(EdECPrivateKey key) throws GeneralSecurityException {
    byte[] seed = key.getBytes().orElseThrow();
    KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
    generator.initialize(key.getParams(), new Seed(seed));
    return generator.generateKeyPair().getPublic();
  }

  private static final class Seed extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (bytes.length != seed.length) {
        throw new IllegalStateException("An Ed25519 key is not made of " + bytes.length + " bytes");
      }
      System.arraycopy(seed, 0, bytes, 0, seed.length);
    }
  }

  /** Returns the id of the public key: the first 16 hexadecimal digits of its SHA-256. */
  public String id() {
    return TrustedKeys.id(publicKey);
  }

  /** Returns the private key in the form that {@link #read} takes. */
  public String privatePem() {
    return Pem.encode(PRIVATE, privateKey.getEncoded());
  }

  /** Returns the public key in the form that {@link TrustedKeys#read} takes. */
  public String publicPem() {
    return Pem.encode(TrustedKeys.PUBLIC, publicKey.getEncoded());
  }

  /** Returns the signature of {@code manifest}, 64 bytes. */
  byte[] sign(byte[] manifest) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey);
      signature.update(manifest);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot sign with the key " + id(), e);
    }
  }

  /** Names the key by its id. */
  @Override
  public String toString() {
    return "SigningKey[" + id() + "]";
  }
}
