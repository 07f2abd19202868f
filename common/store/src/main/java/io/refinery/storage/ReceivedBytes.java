package io.refinery.storage;

import io.refinery.storage.StorageException.Kind;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import okhttp3.Headers;

/**
 * The checksums of an object's bytes as they arrive, compared with those that the store has of
 * them.
 */
final class ReceivedBytes {

  /** User metadata: the SHA-256 that the uploader computed, 64 hexadecimal digits. */
  static final String SHA256_METADATA = "refinery-sha256";

  private static final String SHA256_HEADER = "x-amz-meta-" + SHA256_METADATA;
  private static final String CHECKSUM = "x-amz-checksum-";
  private static final String ENCRYPTION = "x-amz-server-side-encryption";
  private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

  private final Headers headers;
  private final MessageDigest sha256 = Sha256.digest("SHA-256");
  private final Map<String, Checksum> crcs = new LinkedHashMap<>();
  private final Optional<MessageDigest> md5;

  /**
   * @param headers of the store's response
   */
  ReceivedBytes(Headers headers) {
    this.headers = headers;
    expect("crc32", new CRC32());
    expect("crc32c", new CRC32C());
    expect("crc64nvme", new io.minio.Checksum.CRC64NVME());
    // The weakest evidence: not every store's tag is an MD5 of the content.
    boolean isTagOnly =
        crcs.isEmpty() && headers.get(SHA256_HEADER) == null && checksum("sha256").isEmpty();
    md5 = isTagOnly && hasMd5() ? Optional.of(Sha256.digest("MD5")) : Optional.empty();
  }

  private void expect(String algorithm, Checksum crc) {
    if (checksum(algorithm).isPresent()) {
      crcs.put(algorithm, crc);
    }
  }

  /** Returns a checksum of the whole object; that of an object in parts may be of its parts. */
  private Optional<String> checksum(String algorithm) {
    return "COMPOSITE".equalsIgnoreCase(headers.get(CHECKSUM + "type"))
        ? Optional.empty()
        : Optional.ofNullable(headers.get(CHECKSUM + algorithm)).filter(sum -> !sum.contains("-"));
  }

  /** The tag of an object that was uploaded in one part and is not encrypted with a key. */
  private boolean hasMd5() {
    String encryption = Objects.toString(headers.get(ENCRYPTION), "");
    return !encryption.startsWith("aws:")
        && headers.get(ENCRYPTION + "-customer-algorithm") == null
        && MD5.matcher(tag()).matches();
  }

  private String tag() {
    return Objects.toString(headers.get("ETag"), "").replace("\"", "").toLowerCase(Locale.ROOT);
  }

  void add(byte[] bytes, int length) {
    sha256.update(bytes, 0, length);
    crcs.values().forEach(crc -> crc.update(bytes, 0, length));
    md5.ifPresent(digest -> digest.update(bytes, 0, length));
  }

  /**
   * Ends the checksums; call it once, after all bytes.
   *
   * @return the SHA-256 of the bytes, 64 hexadecimal digits
   * @throws StorageException of kind DAMAGED when a checksum differs
   */
  String requireIntact(ObjectRef ref) {
    byte[] hash = sha256.digest();
    String hex = HexFormat.of().formatHex(hash);
    Optional.ofNullable(headers.get(SHA256_HEADER))
        .ifPresent(wanted -> require(ref, SHA256_HEADER, wanted.toLowerCase(Locale.ROOT), hex));
    checksum("sha256").ifPresent(wanted -> require(ref, CHECKSUM + "sha256", wanted, base64(hash)));
    crcs.forEach(
        (algorithm, crc) ->
            require(ref, CHECKSUM + algorithm, checksum(algorithm).orElseThrow(), base64(crc)));
    md5.ifPresent(digest -> require(ref, "ETag", tag(), HexFormat.of().formatHex(digest.digest())));
    return hex;
  }

  private static void require(ObjectRef ref, String header, String wanted, String actual) {
    if (!wanted.equals(actual)) {
      throw new StorageException(
          Kind.DAMAGED,
          "%s arrived damaged: its %s is %s, but the bytes have %s; upload it again if this recurs"
              .formatted(ref, header, wanted, actual));
    }
  }

  private static String base64(Checksum crc) {
    byte[] sum = ByteBuffer.allocate(Long.BYTES).putLong(crc.getValue()).array();
    boolean isShort = crc instanceof CRC32 || crc instanceof CRC32C;
    return base64(isShort ? Arrays.copyOfRange(sum, Integer.BYTES, Long.BYTES) : sum);
  }

  private static String base64(byte[] sum) {
    return Base64.getEncoder().encodeToString(sum);
  }
}
