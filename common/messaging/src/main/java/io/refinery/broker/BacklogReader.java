package io.refinery.broker;

import io.refinery.message.JobPriority;
import io.refinery.message.Topics;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from outside what the groups of workers and trainers have not finished, even if none of
 * them has ever run. It changes nothing on the broker. Used by one thread.
 *
 * <p>A group that has not begun with a partition will take its records from the first one on, so
 * all of them count. If a topic has several partitions, messages that are not copied into the
 * single queue yet count with those in the queue; for a moment, a message may count in both. A
 * topic that does not exist has no messages; one that this client may not describe is an error.
 */
public final class BacklogReader implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BacklogReader.class);

  private final Admin admin;
  private final Object address;
  private final Topics topics;
  private final OldestRecord oldest;

  public BacklogReader(BrokerConfig broker, KafkaClients clients) {
    this.admin = clients.admin();
    this.address = broker.address();
    this.topics = broker.topics();
    this.oldest = new OldestRecord(clients::reader);
  }

  /**
   * Returns the jobs that a group of workers has not finished, waiting or in hand.
   *
   * @throws BrokerException when they cannot be read
   */
  public Map<JobPriority, Backlog> jobs(String group) {
    return answered(
        () -> {
          boolean shared = hasShareGroups();
          Map<JobPriority, Backlog> jobs = new EnumMap<>(JobPriority.class);
          jobs.put(
              JobPriority.NORMAL,
              backlog(
                  shared
                      ? shared(topics.jobs(), topics.jobQueue(), group)
                      : behind(topics.jobs(), JobPriority.NORMAL.consumerGroup(group))));
          jobs.put(
              JobPriority.HIGH,
              backlog(
                  shared
                      ? shared(topics.highJobs(), group)
                      : behind(topics.highJobs(), JobPriority.HIGH.consumerGroup(group))));
          return jobs;
        });
  }

  /**
   * Returns the training requests that a group of trainers has not finished, waiting or in hand.
   *
   * @throws BrokerException when they cannot be read
   */
  public Backlog trainings(String group) {
    return answered(
        () ->
            backlog(
                hasShareGroups()
                    ? shared(topics.trainings(), topics.trainingQueue(), group)
                    : behind(topics.trainings(), group)));
  }

  /**
   * Returns the number of letters on the topic of dead letters.
   *
   * @throws BrokerException when it cannot be read
   */
  public long deadLetters() {
    return answered(() -> all(partitions(topics.dead())).count());
  }

  private <T> T answered(Supplier<T> question) {
    try {
      return question.get();
    } catch (IllegalStateException e) {
      throw new BrokerException(
          e.getCause() instanceof TimeoutException
              ? "The broker at %s does not answer: %s".formatted(address, e.getMessage())
              : e.getMessage(),
          e.getCause());
    }
  }

  private boolean hasShareGroups() {
    return BrokerFeatures.of(
            Answers.await(
                admin.describeFeatures().featureMetadata(),
                "Cannot query the features of the broker"))
        .hasShareGroups(address);
  }

  /** Returns a topic's messages that a share group has not finished, copied or not. */
  private OpenRecords shared(String topic, String queue, String group) {
    List<TopicPartition> partitions = partitions(topic);
    return partitions.size() > 1
        ? behind(partitions, SingleQueue.copyGroup(group)).and(shared(queue, group))
        : shared(partitions, group);
  }

  private OpenRecords shared(String topic, String group) {
    return shared(partitions(topic), group);
  }

  private OpenRecords shared(List<TopicPartition> partitions, String group) {
    Map<TopicPartition, SharePartitionOffsetInfo> begun = new HashMap<>(shareOffsets(group));
    begun.values().removeIf(info -> info == null || info.lag().isEmpty());
    begun.keySet().retainAll(partitions);
    OpenRecords open = all(partitions.stream().filter(one -> !begun.containsKey(one)).toList());
    for (var one : begun.entrySet()) {
      open =
          open.and(
              OpenRecords.of(
                  one.getKey(), one.getValue().startOffset(), one.getValue().lag().get()));
    }
    return open;
  }

  private Map<TopicPartition, SharePartitionOffsetInfo> shareOffsets(String group) {
    try {
      return Answers.await(
          admin
              .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
              .partitionsToOffsetInfo(group),
          "Cannot read the offsets of the share group '%s'".formatted(group));
    } catch (IllegalStateException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Map.of();
      }
      throw e;
    }
  }

  /** Returns a topic's records that a consumer group has not committed. */
  private OpenRecords behind(String topic, String group) {
    return behind(partitions(topic), group);
  }

  private OpenRecords behind(List<TopicPartition> partitions, String group) {
    Map<TopicPartition, OffsetAndMetadata> committed =
        new HashMap<>(
            Answers.await(
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                "Cannot read the offsets of the consumer group '%s'".formatted(group)));
    committed.values().removeIf(offset -> offset == null);
    return between(
        partitions,
        (partition, earliest) ->
            committed.containsKey(partition)
                ? Math.max(earliest, committed.get(partition).offset())
                : earliest);
  }

  private OpenRecords all(List<TopicPartition> partitions) {
    return between(partitions, (partition, earliest) -> earliest);
  }

  private interface First {
    long after(TopicPartition partition, long earliest);
  }

  private OpenRecords between(List<TopicPartition> partitions, First first) {
    if (partitions.isEmpty()) {
      return OpenRecords.NONE;
    }
    Map<TopicPartition, ListOffsetsResultInfo> starts = offsets(partitions, OffsetSpec.earliest());
    Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(partitions, OffsetSpec.latest());
    OpenRecords open = OpenRecords.NONE;
    for (TopicPartition partition : partitions) {
      long from = first.after(partition, starts.get(partition).offset());
      open = open.and(OpenRecords.of(partition, from, ends.get(partition).offset() - from));
    }
    return open;
  }

  private Map<TopicPartition, ListOffsetsResultInfo> offsets(
      Collection<TopicPartition> partitions, OffsetSpec spec) {
    return Answers.await(
        admin
            .listOffsets(
                partitions.stream().collect(Collectors.toMap(Function.identity(), one -> spec)))
            .all(),
        "Cannot read the offsets of %s".formatted(partitions));
  }

  private List<TopicPartition> partitions(String topic) {
    try {
      int count =
          Answers.await(
                  admin.describeTopics(List.of(topic)).topicNameValues().get(topic),
                  "Cannot describe the topic " + topic)
              .partitions()
              .size();
      return IntStream.range(0, count).mapToObj(one -> new TopicPartition(topic, one)).toList();
    } catch (IllegalStateException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return List.of();
      }
      throw e;
    }
  }

  private Backlog backlog(OpenRecords open) {
    return new Backlog(open.count(), oldest(open));
  }

  private Optional<Instant> oldest(OpenRecords open) {
    try {
      return oldest.at(open.firsts());
    } catch (KafkaException e) {
      log.debug("Cannot read the oldest message", e);
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    oldest.close();
    admin.close();
  }
}
