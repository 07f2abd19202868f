package io.refinery.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.refinery.delivery.StoreAccess;
import io.refinery.storage.StorageException.Kind;
import io.refinery.storage.StoreCheck.Away;
import io.refinery.storage.StoreCheck.Outcome;
import io.refinery.storage.StoreCheck.Ready;
import io.refinery.storage.StoreCheck.Unsuitable;
import io.refinery.testkit.FailingStorage;
import io.refinery.testkit.MemoryStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreCheckTest {

  private static final String BUCKET = "bucket";

  private final MemoryStorage memory = new MemoryStorage();

  private ObjectStorage failing(String operation, Kind kind) {
    return new FailingStorage(
            memory, operation, ref -> true, 100, () -> new StorageException(kind, "as told"))
        .storage();
  }

  @Test
  void aStoreWithConditionalWritesIsReadyAndKeepsNothingOfTheCheck() {
    assertThat(StoreCheck.of(memory, BUCKET)).isEqualTo(new Ready());
    assertThat(memory.list(BUCKET, "")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"putIfAbsent, If-None-Match", "replace, If-Match"})
  void aStoreThatIgnoresAConditionIsRefusedInOneSentence(String ignored, String header) {
    ObjectStorage lax = memory.ignoringCondition(ignored);

    Outcome outcome = StoreCheck.of(lax, BUCKET);

    assertThat(outcome).isInstanceOf(Unsuitable.class);
    assertThat(((Unsuitable) outcome).sentence())
        .startsWith("The store ignores " + header + ":")
        .contains("two workers could give one job two different results there");
    assertThat(memory.list(BUCKET, "")).isEmpty();
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> StoreAccess.of(lax, BUCKET))
        .withMessage(((Unsuitable) outcome).sentence());
  }

  @Test
  void aStoreThatHidesWhatIsMissingIsRefusedWithThePermissionToGrant() {
    Outcome outcome = StoreCheck.of(failing("find", Kind.DENIED), BUCKET);

    assertThat(outcome).isInstanceOf(Unsuitable.class);
    assertThat(((Unsuitable) outcome).sentence())
        .contains("s3:ListBucket on the bucket " + BUCKET, "as told");
    assertThat(memory.list(BUCKET, "")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"putIfAbsent", "replace"})
  void aStoreThatRefusesConditionalWritesIsUnsuitable(String operation) {
    Outcome outcome = StoreCheck.of(failing(operation, Kind.DENIED), BUCKET);

    assertThat(outcome).isInstanceOf(Unsuitable.class);
    assertThat(((Unsuitable) outcome).sentence()).contains("as told", "s3:PutObject", BUCKET);
    assertThat(memory.list(BUCKET, "")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"UNAVAILABLE", "FULL", "DAMAGED", "NOT_FOUND"})
  void aStoreThatIsAwayDoesNotPreventTheStart(Kind kind) {
    ObjectStorage away = failing("putIfAbsent", kind);

    Outcome outcome = StoreCheck.of(away, BUCKET);

    assertThat(outcome).isInstanceOf(Away.class);
    assertThat(((Away) outcome).sentence()).contains("as told");
    assertThatCode(() -> StoreAccess.of(away, BUCKET)).doesNotThrowAnyException();
  }

  @Test
  void aCheckWhoseObjectCannotBeRemovedIsStillReady() {
    assertThat(StoreCheck.of(failing("delete", Kind.DENIED), BUCKET)).isEqualTo(new Ready());
  }
}
