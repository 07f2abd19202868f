package io.refinery.broker;

import static java.util.Map.entry;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Creates the Kafka clients of a service; the caller closes each. */
public final class KafkaClients {

  /** The time after which the partitions of a dead process are reassigned. */
  private static final int SESSION_MS = 10_000;

  /** The shortest that brokers allow by default: jobs of a dead process wait for it. */
  private static final int SHORT_SESSION_MS = 6_000;

  /** {@link ShareRecordProcessor} expects a fetch to end well within a second. */
  private static final int FETCH_MS = 500;

  private static final long BEST_EFFORT_MS = 1_000;

  /** Enough for a job; a larger record comes alone. */
  private static final int FETCH_BYTES = 64 << 10;

  /** A message whose sender aborted its transaction was never sent. */
  private static final String COMMITTED =
      IsolationLevel.READ_COMMITTED.toString().toLowerCase(Locale.ROOT);

  private final BrokerConfig broker;
  private final String name;

  /**
   * @param name the name of the process, used as a prefix of its clients' names
   */
  public KafkaClients(BrokerConfig broker, String name) {
    this.broker = broker;
    this.name = name;
  }

  public Admin admin() {
    return Admin.create(with(Map.of()));
  }

  /** Creates a producer that waits until all replicas are written. */
  public Producer<String, byte[]> producer() {
    return producer(name, Map.of());
  }

  /** Creates a producer of messages that may be lost, which blocks only briefly. */
  public Producer<String, byte[]> bestEffortProducer() {
    return producer(name + "-events", Map.of(ProducerConfig.MAX_BLOCK_MS_CONFIG, BEST_EFFORT_MS));
  }

  private Producer<String, byte[]> producer(String clientId, Map<String, Object> more) {
    Map<String, Object> properties = with(more);
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
  }

  /**
   * Creates a share group member that acquires one record at a time and acknowledges explicitly.
   */
  public ShareConsumer<String, byte[]> member(ShareGroup group, int number) {
    return new KafkaShareConsumer<>(
        with(
            Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                group.name(),
                ConsumerConfig.CLIENT_ID_CONFIG,
                name + "-" + number,
                ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG,
                "explicit",
                ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG,
                "record_limit",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                1,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                FETCH_MS)),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  /**
   * Creates a consumer without a group that reads a topic from its first record, so that every
   * process receives every record.
   */
  public Consumer<String, byte[]> fromBeginning(String topic) {
    return listener(topic, Consumer::seekToBeginning);
  }

  /** Creates a consumer without a group that reads the records appended to a topic from now on. */
  public Consumer<String, byte[]> fromNow(String topic) {
    return listener(topic, Consumer::seekToEnd);
  }

  private Consumer<String, byte[]> listener(
      String topic, BiConsumer<Consumer<String, byte[]>, Collection<TopicPartition>> seek) {
    Consumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            with(
                Map.of(
                    ConsumerConfig.CLIENT_ID_CONFIG,
                    name + "-" + topic,
                    ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                    COMMITTED)),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    return configured(
        consumer,
        () -> {
          List<TopicPartition> partitions =
              consumer.partitionsFor(topic).stream()
                  .map(info -> new TopicPartition(info.topic(), info.partition()))
                  .toList();
          consumer.assign(partitions);
          seek.accept(consumer, partitions);
        });
  }

  /** Creates a consumer without a group that reads single records; the caller assigns and seeks. */
  Consumer<String, byte[]> reader() {
    return new KafkaConsumer<>(
        with(
            Map.of(
                ConsumerConfig.CLIENT_ID_CONFIG,
                name + "-oldest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                1,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                FETCH_BYTES,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                COMMITTED)),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  /** Creates a member of an ordinary group, which shares the partitions; the caller commits. */
  public Consumer<String, byte[]> subscriber(String group, String topic) {
    Consumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            with(
                Map.of(
                    ConsumerConfig.GROUP_ID_CONFIG,
                    group,
                    ConsumerConfig.CLIENT_ID_CONFIG,
                    name + "-" + group,
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    false,
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "earliest",
                    ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                    SESSION_MS,
                    ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                    COMMITTED)),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    return configured(consumer, () -> consumer.subscribe(List.of(topic)));
  }

  /**
   * Creates a member of a consumer group that keeps the partitions with work on them. The caller
   * subscribes and commits.
   *
   * @param number number of this member in this process
   */
  public Consumer<String, byte[]> groupMember(
      String group, int number, KeepBusyAssignor.Member member) {
    return new KafkaConsumer<>(
        with(
            Map.ofEntries(
                entry(ConsumerConfig.GROUP_ID_CONFIG, group),
                entry(ConsumerConfig.CLIENT_ID_CONFIG, name + "-" + number),
                entry(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic"),
                entry(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                    KeepBusyAssignor.class.getName()),
                entry(KeepBusyAssignor.MEMBER, member),
                entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1),
                entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false),
                entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                entry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SHORT_SESSION_MS),
                entry(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, SHORT_SESSION_MS / 3),
                entry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, COMMITTED))),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  /**
   * Callers retry while the broker is unavailable, so a consumer whose setup fails must not leak.
   */
  static Consumer<String, byte[]> configured(Consumer<String, byte[]> consumer, Runnable setUp) {
    try {
      setUp.run();
      return consumer;
    } catch (Throwable e) {
      consumer.close();
      throw e;
    }
  }

  private Map<String, Object> with(Map<String, Object> own) {
    Map<String, Object> properties = new HashMap<>(broker.properties());
    properties.putAll(own);
    return properties;
  }
}
