package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.storage.StorageException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OutagesTest {

  private static final Set<StorageException.Kind> PASSING =
      Set.of(
          StorageException.Kind.UNAVAILABLE,
          StorageException.Kind.FULL,
          StorageException.Kind.DAMAGED);

  static List<KafkaException> aboutTheMessage() {
    return List.of(
        new RecordTooLargeException("1048588 bytes"),
        new RecordBatchTooLargeException("1048588 bytes"),
        new InvalidRecordException("no key"),
        new SerializationException("no bytes"),
        new InvalidTopicException("a b"));
  }

  static Stream<KafkaException> aboutTheBroker() {
    return Stream.of(
        new TimeoutException("expired"),
        new DisconnectException(),
        new NotEnoughReplicasException("one of two"),
        new TopicAuthorizationException("jobs"),
        new KafkaException("Not written", new TimeoutException("expired")));
  }

  @ParameterizedTest
  @MethodSource("aboutTheMessage")
  void whatABrokerSaysOfAMessageComesBackWithEveryRetry(KafkaException failure) {
    for (Throwable thrown : List.of(failure, new KafkaException("Not written", failure))) {
      assertThat(Outages.isOutage(thrown)).isFalse();
      assertThat(Outages.isAboutTheMessage(thrown)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("aboutTheBroker")
  void everythingElseThatABrokerSaysPasses(KafkaException failure) {
    assertThat(Outages.isOutage(failure)).isTrue();
    assertThat(Outages.isAboutTheMessage(failure)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(StorageException.Kind.class)
  void ofAStoreOnlyItsAbsenceAndItsFullDiskPass(StorageException.Kind kind) {
    assertThat(Outages.isOutage(new StorageException(kind, "no")))
        .isEqualTo(PASSING.contains(kind));
  }

  @Test
  void mistakesOfAProgramDoNotPass() {
    assertThat(Outages.isOutage(new IllegalStateException("a mistake"))).isFalse();
    assertThat(Outages.isOutage(new OutOfMemoryError("Java heap space"))).isFalse();
  }
}
