package io.refinery.broker;

import static io.refinery.broker.Records.APPENDED;
import static io.refinery.broker.Records.delivered;
import static io.refinery.broker.Records.header;
import static io.refinery.broker.Records.record;
import static io.refinery.broker.Records.value;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

class RecordCopyTest {

  private static final int LONGEST = 100;
  private static final int ROOM = 32 << 10;

  @Test
  void aCopySaysWhereAndWhenTheOriginalWasWritten() {
    ProducerRecord<String, byte[]> copy =
        copy(record(value(3), new RecordHeader("mine", value(2))));
    assertThat(copy.topic()).isEqualTo("queue");
    assertThat(copy.key()).isEqualTo("key");
    assertThat(copy.value()).isEqualTo(value(3));
    assertThat(header(copy, "mine")).contains("vv");
    assertThat(header(copy, "refinery.origin")).contains("jobs-0@7");
    assertThat(header(copy, "refinery.appended")).contains(APPENDED.toString());
    assertThat(copy.headers()).hasSize(3);
  }

  @Test
  void originAndTimeSurviveASecondCopy() {
    ConsumerRecord<String, byte[]> second = delivered(copy(delivered(copy(record(value(3))))));
    assertThat(RecordCopy.origin(second)).isEqualTo("jobs-0@7");
    assertThat(RecordCopy.appended(second)).isEqualTo(APPENDED);
    assertThat(second.headers()).hasSize(2);
  }

  @Test
  void aValueThatIsTooLongIsCutAndItsSizeNamed() {
    ProducerRecord<String, byte[]> copy = copy(record(value(LONGEST + 1)));
    assertThat(copy.value()).isEqualTo(value(LONGEST));
    assertThat(header(copy, "refinery.value.bytes")).contains("101");
    assertThat(header(copy(record(value(LONGEST))), "refinery.value.bytes")).isEmpty();
  }

  @Test
  void aValueThatIsCutTwiceHasTheSizeOfTheOriginal() {
    ConsumerRecord<String, byte[]> first = delivered(copy(record(value(300))));
    ProducerRecord<String, byte[]> second = RecordCopy.of("dead", "id", first, 10);
    assertThat(second.value()).hasSize(10);
    assertThat(header(second, "refinery.value.bytes")).contains("300");
  }

  @Test
  void aTombstoneStaysOne() {
    assertThat(copy(record(null)).value()).isNull();
  }

  @Test
  void headersThatFindNoRoomAreDroppedAndCounted() {
    ProducerRecord<String, byte[]> copy =
        copy(
            record(
                value(1),
                new RecordHeader("a", value(20_000)),
                new RecordHeader("b", value(20_000)),
                new RecordHeader("c", value(ROOM)),
                new RecordHeader("d", value(10))));
    assertThat(copy.headers())
        .extracting(Header::key)
        .containsExactlyInAnyOrder(
            "a", "d", "refinery.headers.dropped", "refinery.origin", "refinery.appended");
    assertThat(header(copy, "refinery.headers.dropped")).contains("2");
  }

  @Test
  void whatACopyAddedSurvivesASecondCopyOfFullHeaders() {
    ConsumerRecord<String, byte[]> first =
        delivered(
            copy(
                record(
                    value(300),
                    new RecordHeader("a", value(ROOM - 1)),
                    new RecordHeader("b", value(1)))));
    ProducerRecord<String, byte[]> second = copy(first);
    assertThat(header(second, "a")).isPresent();
    assertThat(header(second, "refinery.value.bytes")).contains("300");
    assertThat(header(second, "refinery.headers.dropped")).contains("1");
    assertThat(header(second, "refinery.origin")).contains("jobs-0@7");
    assertThat(header(second, "refinery.appended")).contains(APPENDED.toString());
  }

  @Test
  void headersOfThatNameWhichNoCopyHasWrittenAreNotBelieved() {
    ConsumerRecord<String, byte[]> foreign =
        record(
            value(1),
            new RecordHeader("refinery.origin", value(513)),
            new RecordHeader("refinery.appended", "yesterday".getBytes(UTF_8)));
    assertThat(RecordCopy.origin(foreign)).isEqualTo("jobs-0@7");
    assertThat(RecordCopy.appended(foreign)).isEqualTo(APPENDED);

    ConsumerRecord<String, byte[]> empty =
        record(
            value(1),
            new RecordHeader("refinery.origin", (byte[]) null),
            new RecordHeader("refinery.appended", (byte[]) null));
    assertThat(RecordCopy.origin(empty)).isEqualTo("jobs-0@7");
    assertThat(RecordCopy.appended(empty)).isEqualTo(APPENDED);
  }

  private static ProducerRecord<String, byte[]> copy(ConsumerRecord<String, byte[]> original) {
    return RecordCopy.of("queue", original.key(), original, LONGEST);
  }
}
