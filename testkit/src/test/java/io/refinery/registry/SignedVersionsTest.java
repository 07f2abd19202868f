package io.refinery.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.refinery.storage.ObjectRef;
import io.refinery.testkit.MemoryStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions as a process with trusted keys sees them, in a bucket that anybody may write to. */
class SignedVersionsTest {

  private static final String BUCKET = "bucket";
  private static final Set<String> ONNX = Set.of(Manifest.REFINER_ONNX);

  private final MemoryStorage storage = new MemoryStorage();
  private final SigningKey key = SigningKey.generate();

  @TempDir private Path folder;
  private Path content;

  @BeforeEach
  void write() throws IOException {
    content = Files.writeString(folder.resolve("content"), "a refiner");
  }

  @Test
  void aSignedVersionIsAccepted() {
    ModelVersion version = signing(key).publish(draft());
    fetch(version, trusting(key));
    assertThat(trusting(key).signers(version)).containsExactly(key.id());
    assertThat(unchecked().signers(version)).containsExactly(key.id());
  }

  @Test
  void anUnsignedVersionIsRefusedOnlyByThoseThatHaveKeys() {
    ModelVersion version = unchecked().publish(draft());
    fetch(version, unchecked());
    assertRefused(
        () -> fetch(version, trusting(key)), "eyes@1 is not signed by a trusted key", key.id());
    assertThat(trusting(key).signers(version)).isEmpty();
  }

  @Test
  void aVersionSignedByAnotherKeyIsRefused() {
    ModelVersion version = signing(SigningKey.generate()).publish(draft());
    assertRefused(() -> fetch(version, trusting(key)), "not signed by a trusted key");
  }

  @Test
  void anotherKeysSignatureUnderTheNameOfATrustedOneIsRefused() {
    SigningKey other = SigningKey.generate();
    ModelVersion version = signing(other).publish(draft());
    storage.put(signature(version, key), bytes(signature(version, other)));
    assertRefused(() -> fetch(version, trusting(key)), "changed after it was signed", key.id());
  }

  @Test
  void aChangedManifestIsRefusedThoughPointerAndFilesFitIt() throws IOException {
    ModelVersion version = signing(key).publish(draft());
    ObjectRef manifest = file(version, "manifest.json");
    Path other = Files.writeString(folder.resolve("other"), "another refiner");
    ModelVersion forged =
        unchecked().publish(Drafts.draft("eyes", 0.5, Map.of(Manifest.REFINER_ONNX, other)));
    String text = new String(bytes(file(forged, "manifest.json")), UTF_8);
    storage.put(manifest, text.replace("\"version\" : 2", "\"version\" : 1").getBytes(UTF_8));
    storage.upload(file(version, Manifest.REFINER_ONNX), other);

    fetch(version, unchecked());
    assertRefused(() -> fetch(version, trusting(key)), "changed after it was signed");
  }

  @Test
  void aSignedVersionUnderAnotherNumberOrNameIsRefused() {
    ModelVersion version = signing(key).publish(draft());
    for (ModelVersion copy : Arrays.asList(new ModelVersion("eyes", 2), new ModelVersion("x", 1))) {
      for (String file :
          Arrays.asList("manifest.json", Manifest.REFINER_ONNX, "manifest." + key.id() + ".sig")) {
        storage.put(file(copy, file), bytes(file(version, file)));
      }
      assertRefused(() -> fetch(copy, trusting(key)), "describes eyes@1");
    }
  }

  @Test
  void aChangedFileIsRefusedAlthoughTheManifestIsSigned() {
    ModelVersion version = signing(key).publish(draft());
    storage.put(file(version, Manifest.REFINER_ONNX), "b refiner".getBytes(UTF_8));
    assertRefused(() -> fetch(version, trusting(key)), Manifest.REFINER_ONNX);
  }

  @Test
  void aSignatureThatIsNoneIsRefused() {
    ModelVersion version = signing(key).publish(draft());
    for (byte[] none : Arrays.asList(new byte[0], new byte[64], new byte[5000])) {
      storage.put(signature(version, key), none);
      assertRefused(() -> fetch(version, trusting(key)), "changed after it was signed");
    }
  }

  @Test
  void aCachedVersionIsRefusedByAProcessThatDoesNotTrustIt() {
    ModelVersion version = unchecked().publish(draft());
    fetch(version, unchecked());
    storage.delete(file(version, Manifest.REFINER_ONNX));
    fetch(version, unchecked());
    assertRefused(() -> fetch(version, trusting(key)), "not signed");
  }

  @Test
  void keysAreRotatedWithoutAGap() {
    SigningKey next = SigningKey.generate();
    ModelVersion old = signing(key).publish(draft());
    fetch(old, trusting(key, next));
    ModelVersion fresh = signing(next).publish(draft());
    fetch(fresh, trusting(key, next));

    assertThat(signing(next).sign(old, folder.resolve("cache"))).isEqualTo(next.id());
    fetch(old, trusting(next));
    fetch(old, trusting(key));
    assertThat(trusting(key, next).signers(old)).containsExactlyInAnyOrder(key.id(), next.id());
    assertRefused(() -> fetch(fresh, trusting(key)), "not signed");
  }

  @Test
  void aDamagedVersionIsNotSigned() {
    ModelVersion version = unchecked().publish(draft());
    storage.put(file(version, Manifest.REFINER_ONNX), "b refiner".getBytes(UTF_8));
    assertRefused(() -> signing(key).sign(version, folder.resolve("cache")), "is damaged");
    assertThat(unchecked().signers(version)).isEmpty();
  }

  @Test
  void aPublicationThatSomebodyElseDecidedIsFinishedButNotSigned() {
    ModelVersion planted = unchecked().publishOnce(draft(), "training-1");
    ObjectRef manifest = file(planted, "manifest.json");
    storage.delete(manifest);

    assertThat(signing(key).finishPublication("eyes", "training-1")).contains(planted);
    assertThat(signing(key).publishOnce(draft(), "training-1")).isEqualTo(planted);
    assertThat(storage.find(manifest)).isPresent();
    assertRefused(() -> fetch(planted, trusting(key)), "not signed");
  }

  @Test
  void aSignatureIsThereBeforeItsVersionIs() {
    ModelVersion version = signing(key).publishOnce(draft(), "training-1");
    fetch(version, trusting(key));
  }

  @Test
  void aSignerTrustsItself() {
    SigningKey other = SigningKey.generate();
    ModelKeys keys = new ModelKeys(Optional.of(key), TrustedKeys.parse(other.publicPem()));
    assertThat(keys.trusted().ids()).containsExactlyInAnyOrder(key.id(), other.id());
    assertThat(new ModelKeys(Optional.of(key), TrustedKeys.NONE).trusted().isEmpty()).isTrue();
  }

  /** RFC 8032, section 7.1, test 1. */
  @Test
  void keysAndSignaturesAreThoseOfTheStandard() {
    String seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    String point = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    byte[] pkcs8 = HexFormat.of().parseHex("302e020100300506032b657004220420" + seed);
    byte[] spki = HexFormat.of().parseHex("302a300506032b6570032100" + point);

    SigningKey standard = SigningKey.parse(Pem.encode("PRIVATE KEY", pkcs8));

    assertThat(standard.publicPem()).isEqualTo(Pem.encode("PUBLIC KEY", spki));
    assertThat(HexFormat.of().formatHex(standard.sign(new byte[0])))
        .isEqualTo(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    assertThat(SigningKey.parse(standard.privatePem()).id()).isEqualTo(standard.id());
    assertThat(SigningKey.parse(standard.privatePem().replace("\n", "\\n")).id())
        .isEqualTo(standard.id());
  }

  @Test
  void aFileThatIsNoKeyIsNamedButNotQuoted() throws IOException {
    Path file =
        Files.writeString(folder.resolve("a.key"), "-----BEGIN PRIVATE KEY-----\nse!cret\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKey.read(file))
        .withMessageContaining("a.key")
        .withMessageNotContaining("se!cret");
    String closed = "-----BEGIN PRIVATE KEY-----\nse!cret\n-----END PRIVATE KEY-----\n";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKey.parse(closed))
        .withMessageContaining("base64")
        .withMessageNotContaining("se!cret")
        .withNoCause();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrustedKeys.read(Set.of(folder.resolve("missing.pub"))))
        .withMessageContaining("missing.pub");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrustedKeys.parse(key.privatePem()))
        .withMessageContaining("PUBLIC KEY");
  }

  private VersionDraft draft() {
    return Drafts.draft("eyes", 0.5, Map.of(Manifest.REFINER_ONNX, content));
  }

  private ModelRegistry unchecked() {
    return registry(ModelKeys.NONE);
  }

  private ModelRegistry signing(SigningKey signer) {
    return registry(new ModelKeys(Optional.of(signer), TrustedKeys.NONE));
  }

  private ModelRegistry trusting(SigningKey... trusted) {
    StringBuilder pem = new StringBuilder();
    Arrays.stream(trusted).map(SigningKey::publicPem).forEach(pem::append);
    return registry(ModelKeys.trusting(TrustedKeys.parse(pem.toString())));
  }

  private ModelRegistry registry(ModelKeys keys) {
    return new ModelRegistry(storage, BUCKET, "models", keys);
  }

  private void fetch(ModelVersion version, ModelRegistry registry) {
    ResolvedModel model = registry.resolve(new ModelReference.ToVersion(version));
    registry.fetch(model, folder.resolve("cache"), ONNX).close();
  }

  private static void assertRefused(ThrowingCallable call, String... reasons) {
    assertThatExceptionOfType(CorruptModelException.class)
        .isThrownBy(call)
        .withMessageContainingAll(reasons);
  }

  private static ObjectRef file(ModelVersion version, String name) {
    return new ObjectRef(
        BUCKET, "models/%s/versions/%d/%s".formatted(version.name(), version.number(), name));
  }

  private static ObjectRef signature(ModelVersion version, SigningKey signer) {
    return file(version, "manifest." + signer.id() + ".sig");
  }

  private byte[] bytes(ObjectRef ref) {
    return storage.read(ref, 1 << 20).bytes();
  }
}
