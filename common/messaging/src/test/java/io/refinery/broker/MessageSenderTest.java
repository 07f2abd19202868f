package io.refinery.broker;

import static io.refinery.broker.Records.header;
import static io.refinery.broker.Records.record;
import static io.refinery.broker.Records.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.message.ErrorCode;
import io.refinery.message.Excerpt;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessageSenderTest {

  /** What a broker accepts by default, and what a record needs besides values and headers. */
  private static final int USUAL = (1 << 20) - (1 << 10);

  private LimitedProducer producer = new LimitedProducer(USUAL);
  private MessageSender sender = new MessageSender(producer, "worker-1");

  @AfterEach
  void close() {
    sender.close();
    assertThat(producer.closed()).isTrue();
  }

  @Test
  void aMessageCarriesTheTraceContextOfItsCause() {
    RecordHeader trace = new RecordHeader("traceparent", value(55));
    sender.send("results", "id", value(3), record(value(1), trace).headers());
    assertThat(producer.accepted()).hasSize(1);
    assertThat(producer.accepted().get(0).headers()).containsExactly(trace);
  }

  @Test
  void aMessageThatIsNotAcceptedIsAnExceptionThatSaysWhy() {
    assertThatThrownBy(() -> sender.send("results", "id", value(2 << 20)))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("results")
        .hasCauseInstanceOf(RecordTooLargeException.class);
  }

  @Test
  void bestEffortFailsSilently() {
    assertThatNoException()
        .isThrownBy(
            () -> sender.sendBestEffort("events", "id", value(2 << 20), record(null).headers()));
    producer.sendException = new TimeoutException("no metadata");
    assertThatNoException()
        .isThrownBy(() -> sender.sendBestEffort("events", "id", value(1), record(null).headers()));
    assertThat(producer.accepted()).isEmpty();
  }

  @Test
  void afterATimeoutNothingIsSentBestEffortForAWhile() {
    producer.sendException = new TimeoutException("no metadata");
    sender.sendBestEffort("events", "id", value(1), record(null).headers());
    producer.sendException = null;
    sender.sendBestEffort("events", "id", value(1), record(null).headers());
    assertThat(producer.accepted()).isEmpty();

    sender.send("results", "id", value(1));
    assertThat(producer.accepted()).hasSize(1);
  }

  @Test
  void aMessageSentAgainKnowsItsFailedTries() {
    sender.resend(record(value(3), new RecordHeader("refinery.failed.tries", value(1))), 3);
    assertThat(producer.accepted().get(0).headers().headers("refinery.failed.tries")).hasSize(1);
    assertThat(header(producer.accepted().get(0), "refinery.failed.tries")).contains("3");
  }

  @Test
  void aMessageIsSentAgainToItsOwnTopic() {
    sender.resend(record(value(3), new RecordHeader("mine", value(2))), 0);
    ProducerRecord<String, byte[]> again = producer.accepted().get(0);
    assertThat(again.topic()).isEqualTo("jobs");
    assertThat(again.key()).isEqualTo("key");
    assertThat(again.value()).isEqualTo(value(3));
    assertThat(header(again, "mine")).contains("vv");
    assertThat(header(again, "refinery.origin")).contains("jobs-0@7");
  }

  @Test
  void aDeadLetterSaysWhatItIsAndWhy() {
    bury(record(value(3)));
    ProducerRecord<String, byte[]> letter = producer.accepted().get(0);
    assertThat(letter.topic()).isEqualTo("dead");
    assertThat(letter.key()).isEqualTo("id");
    assertThat(letter.value()).isEqualTo(value(3));
    assertThat(header(letter, "refinery.error.code")).contains("BAD_MESSAGE");
    assertThat(header(letter, "refinery.error.message")).contains("It is not JSON.");
    assertThat(header(letter, "refinery.worker")).contains("worker-1");
    assertThat(header(letter, "refinery.origin")).contains("jobs-0@7");
    assertThat(header(letter, "refinery.value.bytes")).isEmpty();
  }

  @Test
  void aValueOverTheLimitIsCutSoThatItsLetterFitsWithHugeHeaders() {
    RecordHeader[] huge = new RecordHeader[50];
    for (int i = 0; i < huge.length; i++) {
      huge[i] = new RecordHeader("header-" + i, value(15_000));
    }
    bury(record(value(2 << 20), huge));

    assertThat(producer.history()).hasSize(1);
    ProducerRecord<String, byte[]> letter = producer.accepted().get(0);
    assertThat(letter.value()).isEqualTo(value(DeadLetter.WHOLE));
    assertThat(header(letter, "refinery.value.bytes")).contains(Integer.toString(2 << 20));
    assertThat(header(letter, "refinery.headers.dropped")).contains("48");
  }

  @Test
  void aLongSentenceIsCut() {
    sender.sendToDeadLetter(
        "dead", "id", record(value(3)), ErrorCode.BAD_MESSAGE, "x".repeat(1 << 20));
    assertThat(header(producer.accepted().get(0), "refinery.error.message").orElseThrow())
        .hasSize(Excerpt.LONGEST);
  }

  @Test
  void aBrokerThatRefusesTheLetterGetsAShorterOne() {
    limit(100_000);
    bury(record(value(200_000), new RecordHeader("mine", value(2))));

    assertThat(producer.history()).hasSize(2);
    ProducerRecord<String, byte[]> letter = producer.accepted().get(0);
    assertThat(letter.value()).isEqualTo(value(DeadLetter.SHORT));
    assertThat(header(letter, "refinery.value.bytes")).contains("200000");
    assertThat(header(letter, "refinery.origin")).contains("jobs-0@7");
    assertThat(header(letter, "mine")).contains("vv");
  }

  @Test
  void aLetterThatMeetsAnOutageIsNotCut() {
    producer.sendException = new TimeoutException("The broker is away");
    assertThatThrownBy(() -> bury(record(value(3)))).isInstanceOf(TimeoutException.class);
    producer.sendException = null;
    assertThat(producer.history()).isEmpty();
  }

  private void limit(int bytes) {
    sender.close();
    producer = new LimitedProducer(bytes);
    sender = new MessageSender(producer, "worker-1");
  }

  private void bury(ConsumerRecord<String, byte[]> message) {
    sender.sendToDeadLetter("dead", "id", message, ErrorCode.BAD_MESSAGE, "It is not JSON.");
  }
}
