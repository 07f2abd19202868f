package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

class UndeliveredRecordTest {

  private final Map<String, String> headers =
      new LinkedHashMap<>(
          Map.of(
              "__dlq.errors.topic", "refinery.jobs",
              "__dlq.errors.partition", "3",
              "__dlq.errors.offset", "41",
              "__dlq.errors.group", "workers",
              "__dlq.errors.delivery.count", "5"));

  private ConsumerRecord<String, byte[]> kept() {
    Header[] kept =
        headers.entrySet().stream()
            .map(
                one ->
                    new RecordHeader(one.getKey(), one.getValue().getBytes(StandardCharsets.UTF_8)))
            .toArray(Header[]::new);
    return Records.record(new byte[] {1, 2}, kept);
  }

  @Test
  void theOriginalHasItsPositionKeyValueAndNoHeaderOfTheBroker() {
    headers.put("traceparent", "kept by a later broker");

    UndeliveredRecord dropped = UndeliveredRecord.of(kept(), "workers").orElseThrow();

    ConsumerRecord<String, byte[]> original = dropped.original();
    assertThat(RecordCopy.origin(original)).isEqualTo("refinery.jobs-3@41");
    assertThat(original.key()).isEqualTo("key");
    assertThat(original.value()).containsExactly(1, 2);
    assertThat(original.headers()).extracting(Header::key).containsExactly("traceparent");
    assertThat(dropped.deliveries()).isEqualTo(5);
  }

  @Test
  void aRecordOfAnotherGroupIsNotOurs() {
    assertThat(UndeliveredRecord.of(kept(), "others")).isEmpty();
  }

  @Test
  void aRecordThatNoBrokerWroteIsIgnored() {
    headers.put("__dlq.errors.offset", "many");
    assertThat(UndeliveredRecord.of(kept(), "workers")).isEmpty();
    headers.remove("__dlq.errors.offset");
    assertThat(UndeliveredRecord.of(kept(), "workers")).isEmpty();
    headers.clear();
    assertThat(UndeliveredRecord.of(kept(), "workers")).isEmpty();
  }

  @Test
  void aBrokerThatDoesNotSayHowOftenItDeliveredIsUnderstood() {
    headers.remove("__dlq.errors.delivery.count");
    assertThat(UndeliveredRecord.of(kept(), "workers").orElseThrow().deliveries()).isZero();
  }
}
