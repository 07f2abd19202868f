package io.refinery.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.refinery.engine.DeviceFailedException;
import io.refinery.engine.EngineException;
import io.refinery.image.ImageBatch;
import io.refinery.message.ErrorCode;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelKeys;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.SigningKey;
import io.refinery.registry.TrustedKeys;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import io.refinery.testkit.FailingStorage;
import io.refinery.worker.ServedModels.Lease;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServedModelsTest {

  private static final byte[] SPOILT = "spoilt".getBytes(UTF_8);

  @TempDir private Path folder;
  private MemoryModels store;
  private FakeEngine engine;
  private ServedModels models;

  @BeforeEach
  void open() {
    store = new MemoryModels(folder);
    engine = store.engine;
    models = store.served(store.storage, 3);
  }

  @AfterEach
  void close() {
    models.close();
    assertThat(engine.open()).isEmpty();
  }

  @Test
  void aJobGetsWhatAChannelNamesWhenItStarts() throws Exception {
    store.publishStable("eyes");
    try (Lease first = lease("eyes")) {
      assertThat(version(first)).isEqualTo("eyes@1");
      store.publishStable("eyes");
      assertThat(leased("eyes@stable")).isEqualTo("eyes@2");
      assertThat(leased("eyes@1")).isEqualTo("eyes@1");
      assertThat(version(first)).isEqualTo("eyes@1");
    }
    assertThat(engine.built()).containsExactly("eyes@1", "eyes@2");
    assertThat(models.serving()).containsExactly(entry("eyes@stable", "eyes@2"));
  }

  @Test
  void aModelThatIsNotThereFailsTheJob() {
    assertThatExceptionOfType(JobFailure.class)
        .isThrownBy(() -> lease("eyes"))
        .returns(ErrorCode.NO_SUCH_MODEL, JobFailure::code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"refiner.onnx", "manifest.json"})
  void aDamagedVersionIsRefusedAndItsChannelStaysAtTheLastGoodOne(String damaged) throws Exception {
    store.publishStable("eyes");
    leased("eyes");
    store.publishStable("eyes");
    store.storage.put(MemoryModels.file("eyes@2", damaged), SPOILT);

    assertThat(leased("eyes")).isEqualTo("eyes@1");
    assertThat(models.serving()).containsExactly(entry("eyes@stable", "eyes@1"));
    assertThat(models.refusals()).containsOnlyKeys("eyes@2");
    assertThat(models.refusals().get("eyes@2")).contains(damaged);
    assertThat(engine.built()).containsExactly("eyes@1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"refiner.onnx", "manifest.json"})
  void aVersionThatLacksAFileIsRefusedAndItsChannelStaysAtTheLastGoodOne(String missing)
      throws Exception {
    store.publishStable("eyes");
    leased("eyes");
    store.publishStable("eyes");
    store.storage.delete(MemoryModels.file("eyes@2", missing));

    assertThat(leased("eyes")).isEqualTo("eyes@1");
    assertThat(models.refusals()).containsOnlyKeys("eyes@2");
  }

  @Test
  void aDamagedVersionFailsTheJobsThatNameIt() throws Exception {
    store.publishStable("eyes");
    leased("eyes");
    store.publishStable("eyes");
    spoil("eyes@2");
    assertCorrupt("eyes@2");
  }

  @Test
  void aChannelWithoutAGoodVersionFailsItsJobs() throws Exception {
    store.publishStable("eyes");
    spoil("eyes@1");
    assertCorrupt("eyes");
    assertCorrupt("eyes");
    assertThat(models.serving()).isEmpty();
  }

  @Test
  void aRefusedVersionIsTriedAgainOnlyWhenItsRefusalIsForgotten() throws Exception {
    store.publishStable("eyes");
    leased("eyes");
    store.publishStable("eyes");
    ObjectRef file = MemoryModels.file("eyes@2", Manifest.REFINER_ONNX);
    byte[] whole = store.storage.read(file, Long.MAX_VALUE).bytes();
    spoil("eyes@2");
    leased("eyes");
    store.storage.put(file, whole);

    assertThat(leased("eyes")).isEqualTo("eyes@1");
    models.forgetRefusals();
    assertThat(leased("eyes")).isEqualTo("eyes@2");
    assertThat(models.refusals()).isEmpty();
  }

  @Test
  void aVersionThatNoTrustedKeySignedIsRefusedAndItsChannelStaysAtTheLastGoodOne()
      throws Exception {
    SigningKey key = SigningKey.generate();
    store.keys = new ModelKeys(Optional.of(key), TrustedKeys.parse(key.publicPem()));
    store.publishStable("eyes");
    try (ServedModels checked = store.served(store.storage, 3)) {
      checked.lease(ModelReference.parse("eyes")).close();
      store.keys = ModelKeys.NONE;
      store.publishStable("eyes");

      checked.lease(ModelReference.parse("eyes")).close();

      assertThat(checked.serving()).containsExactly(entry("eyes@stable", "eyes@1"));
      assertThat(checked.refusals().get("eyes@2")).contains("not signed", key.id());
      assertThatExceptionOfType(JobFailure.class)
          .isThrownBy(() -> checked.lease(ModelReference.parse("eyes@2")))
          .returns(ErrorCode.CORRUPT_MODEL, JobFailure::code);
    }
  }

  @Test
  void aVersionThatRefinesToNoNumbersIsRefused() throws Exception {
    store.publishStable("eyes");
    engine.let("eyes@1", ServedModelsTest::notANumber);
    assertCorrupt("eyes");
    assertThat(models.refusals().get("eyes@1")).contains("NaN");
    assertThat(engine.open()).isEmpty();
  }

  @Test
  void aVersionThatItsEngineCannotRunIsRefused() throws Exception {
    store.publishStable("eyes");
    engine.fail("eyes@1", new EngineException("no such operator"));
    assertCorrupt("eyes");
    assertThat(models.refusals().get("eyes@1")).contains("no such operator");
    assertThat(engine.open()).isEmpty();
  }

  @Test
  void anErrorDuringTheWarmUpClosesTheRefinerAndRefusesNothing() throws Exception {
    store.publishStable("eyes");
    OutOfMemoryError error = new OutOfMemoryError("Java heap space");
    engine.fail("eyes@1", error);
    assertThatThrownBy(() -> lease("eyes")).isSameAs(error);
    assertThat(engine.built()).containsExactly("eyes@1");
    assertThat(engine.open()).isEmpty();
    assertThat(models.refusals()).isEmpty();

    engine.let("eyes@1", images -> images);
    assertThat(leased("eyes")).isEqualTo("eyes@1");
  }

  @Test
  void aLostDeviceRefusesNothingAndItsRefinerIsNotClosed() throws Exception {
    store.publishStable("eyes");
    DeviceFailedException lost = new DeviceFailedException("The GPU has fallen off the bus", null);
    engine.fail("eyes@1", lost);
    assertThatThrownBy(() -> lease("eyes")).isSameAs(lost);
    assertThat(models.refusals()).isEmpty();
    assertThat(engine.open()).containsExactly("eyes@1");

    engine.forget();
  }

  @Test
  void aRefreshBuildsANewVersionBeforeAJobAsksForIt() throws Exception {
    store.publishStable("eyes");
    leased("eyes");
    store.publishStable("eyes");
    models.refresh();
    assertThat(engine.built()).containsExactly("eyes@1", "eyes@2");
    assertThat(models.serving()).containsExactly(entry("eyes@stable", "eyes@2"));

    assertThat(leased("eyes")).isEqualTo("eyes@2");
    assertThat(engine.built()).hasSize(2);
  }

  @Test
  void aRefreshLooksOnlyForChannelsThatAJobNamed() throws Exception {
    store.publishStable("eyes");
    store.publishStable("hands");
    leased("eyes");
    leased("hands@1");
    store.publishStable("hands");
    models.refresh();
    assertThat(engine.built()).containsExactly("eyes@1", "hands@1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eyes", "hands"})
  void aReadErrorOfOneChannelDoesNotHoldUpTheOthersOrRefuseAVersion(String unread)
      throws Exception {
    serveFrom(failing("read", object -> MemoryModels.isChannel(object, unread), 1, 2));
    for (String model : new String[] {"eyes", "hands"}) {
      store.publishStable(model);
      leased(model);
      store.publishStable(model);
    }
    String other = unread.equals("eyes") ? "hands" : "eyes";

    models.refresh();
    assertThat(models.serving())
        .containsOnly(
            entry(unread + "@stable", unread + "@1"), entry(other + "@stable", other + "@2"));
    assertThat(models.refusals()).isEmpty();

    models.refresh();
    assertThat(models.serving()).containsEntry(unread + "@stable", unread + "@2");
  }

  @Test
  void aReadErrorOfANewVersionDoesNotRefuseItAndTheOldOneStays() throws Exception {
    ObjectRef file = MemoryModels.file("eyes@2", Manifest.REFINER_ONNX);
    serveFrom(failing("download", file::equals, 0, 2));
    store.publishStable("eyes");
    leased("eyes");
    store.publishStable("eyes");

    models.refresh();
    assertThat(models.serving()).containsExactly(entry("eyes@stable", "eyes@1"));
    assertThat(models.refusals()).isEmpty();
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> lease("eyes"))
        .returns(StorageException.Kind.UNAVAILABLE, StorageException::kind);
    assertThat(leased("eyes")).isEqualTo("eyes@2");
  }

  @Test
  void theRefinersThatWereIdleLongestAreClosedAndLeasedOnesStay() throws Exception {
    models.close();
    models = store.served(store.storage, 1);
    for (int i = 0; i < 3; i++) {
      store.publish("eyes");
    }
    Lease first = lease("eyes@1");
    leased("eyes@2");
    assertThat(engine.open()).containsExactly("eyes@1", "eyes@2");
    leased("eyes@3");
    assertThat(engine.open()).containsExactly("eyes@1", "eyes@3");
    leased("eyes@1");
    leased("eyes@3");
    assertThat(engine.open()).containsExactly("eyes@1", "eyes@3");

    first.close();
    assertThat(engine.open()).containsExactly("eyes@1");
  }

  @Test
  void aRefinerThatTwoJobsUseStaysUntilBothHaveGivenItBack() throws Exception {
    models.close();
    models = store.served(store.storage, 0);
    store.publishStable("eyes");
    Lease one = lease("eyes");
    Lease other = lease("eyes");
    assertThat(one.refiner()).isSameAs(other.refiner());
    one.close();
    assertThat(engine.open()).containsExactly("eyes@1");
    other.close();
    assertThat(engine.open()).isEmpty();
  }

  @Test
  void whatIsAbandonedIsNotClosed() throws Exception {
    store.publishStable("eyes");
    leased("eyes");
    models.abandon();
    models.close();
    assertThat(engine.open()).containsExactly("eyes@1");

    engine.forget();
  }

  private void serveFrom(ObjectStorage storage) {
    models.close();
    models = store.served(storage, 3);
  }

  /** A store where reads of an object fail for a while, after the first {@code good} of them. */
  private ObjectStorage failing(
      String operation, Predicate<ObjectRef> objects, int good, int untilRead) {
    int[] reads = {0};
    return new FailingStorage(
            store.storage,
            operation,
            object -> objects.test(object) && reads[0]++ >= good && reads[0] <= untilRead,
            Integer.MAX_VALUE)
        .storage();
  }

  private void spoil(String version) {
    store.storage.put(MemoryModels.file(version, Manifest.REFINER_ONNX), SPOILT);
  }

  private Lease lease(String reference) throws JobFailure {
    return models.lease(ModelReference.parse(reference));
  }

  /** The version that a job gets that ends at once. */
  private String leased(String reference) throws JobFailure {
    try (Lease lease = lease(reference)) {
      return version(lease);
    }
  }

  private static String version(Lease lease) {
    return lease.local().version().toString();
  }

  private void assertCorrupt(String reference) {
    assertThatExceptionOfType(JobFailure.class)
        .isThrownBy(() -> lease(reference))
        .returns(ErrorCode.CORRUPT_MODEL, JobFailure::code)
        .satisfies(failure -> assertThat(failure.model()).map(ModelVersion::name).contains("eyes"));
    assertThat(models.refusals()).hasSize(1);
  }

  private static ImageBatch notANumber(ImageBatch images) {
    float[] pixels = images.pixels().clone();
    Arrays.fill(pixels, Float.NaN);
    return new ImageBatch(images.count(), images.shape(), pixels);
  }
}
