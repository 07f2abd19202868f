package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.storage.ObjectRef;
import io.refinery.testkit.MemoryStorage;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class StoredAttemptsTest {

  private final MemoryStorage storage = new MemoryStorage();
  private final ConsumerRecord<String, byte[]> record =
      new ConsumerRecord<>("jobs", 3, 7, "key", new byte[0]);

  private Attempts attempts() {
    return StoredAttempts.of(storage, "bucket", "odd/group:name");
  }

  @Test
  void deliveriesAreCountedAcrossProcesses() {
    assertThat(attempts().begin(record)).isEqualTo(1);
    assertThat(attempts().begin(record)).isEqualTo(2);
    assertThat(attempts().begin(new ConsumerRecord<>("jobs", 3, 8, "key", new byte[0])))
        .isEqualTo(1);
  }

  @Test
  void aDeliveryThatIsGivenBackIsNotCounted() {
    assertThat(attempts().begin(record)).isEqualTo(1);
    assertThat(attempts().begin(record)).isEqualTo(2);
    attempts().giveBack(record, 2);
    assertThat(attempts().begin(record)).isEqualTo(2);
  }

  @Test
  void nothingIsLeftOfARecordThatHasEndedOrWasNeverTried() {
    assertThat(attempts().begin(record)).isEqualTo(1);
    attempts().end(record);
    assertThat(attempts().begin(record)).isEqualTo(1);
    attempts().giveBack(record, 1);
    assertThat(storage.list("bucket", "")).isEmpty();
  }

  @Test
  void anObjectThatIsNotANumberCountsAsNone() {
    assertThat(attempts().begin(record)).isEqualTo(1);
    ObjectRef ref = storage.list("bucket", "attempts/").get(0).ref();
    storage.put(ref, "not a number, and too long".getBytes(StandardCharsets.UTF_8));
    assertThat(attempts().begin(record)).isEqualTo(1);
  }
}
