package io.refinery.console.status;

import io.refinery.console.connection.Connections;
import io.refinery.message.JobPriority;
import io.refinery.message.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.ShareMemberDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Reads the state of jobs and workers from the broker. */
final class SystemStatus {

  private static final Pattern CONSUMER_NUMBER = Pattern.compile("-\\d+$");

  private final Connections connections;
  private final String group;

  SystemStatus(Connections connections) {
    this.connections = connections;
    this.group = connections.settings().worker().group();
  }

  /**
   * Reads the current state.
   *
   * @throws KafkaException if the broker cannot be reached
   */
  Snapshot read() {
    try (Admin admin = connections.admin()) {
      Set<String> names = await(admin.listTopics().names());
      Topics topics = connections.topics();
      if (!names.contains(topics.jobs())) {
        return new Snapshot(false, List.of(), 0);
      }
      List<String> jobs =
          Stream.of(topics.jobs(), topics.highJobs()).filter(names::contains).toList();
      return new Snapshot(true, workers(admin), waiting(admin, jobs));
    }
  }

  private List<String> workers(Admin admin) {
    try {
      ShareGroupDescription description =
          await(admin.describeShareGroups(List.of(group)).describedGroups().get(group));
      return description.members().stream().map(SystemStatus::worker).distinct().sorted().toList();
    } catch (GroupIdNotFoundException e) {
      return List.of();
    } catch (UnsupportedVersionException e) {
      return membersOfConsumerGroup(admin);
    }
  }

  /** Returns the workers at a broker without share groups. */
  private List<String> membersOfConsumerGroup(Admin admin) {
    try {
      return await(admin.describeConsumerGroups(List.of(group)).describedGroups().get(group))
          .members()
          .stream()
          .map(member -> worker(member.clientId(), member.host()))
          .distinct()
          .sorted()
          .toList();
    } catch (GroupIdNotFoundException e) {
      return List.of();
    }
  }

  private static String worker(ShareMemberDescription member) {
    return worker(member.clientId(), member.host());
  }

  /** Strips the consumer number: a worker has several consumers. */
  private static String worker(String clientId, String host) {
    return CONSUMER_NUMBER.matcher(clientId).replaceFirst("") + " (" + host.replace("/", "") + ")";
  }

  private long waiting(Admin admin, List<String> topics) {
    Map<TopicPartition, Long> waiting = new HashMap<>(records(admin, topics));
    try {
      offsets(admin)
          .forEach(
              (partition, info) -> {
                if (info != null && info.lag().isPresent()) {
                  waiting.replace(partition, info.lag().get());
                }
              });
    } catch (UnsupportedVersionException e) {
      waitingForConsumerGroup(admin).forEach(waiting::replace);
    }
    return waiting.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the records behind the offsets that a consumer group has committed. */
  private Map<TopicPartition, Long> waitingForConsumerGroup(Admin admin) {
    Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    for (JobPriority priority : JobPriority.values()) {
      String member = priority.consumerGroup(group);
      await(admin.listConsumerGroupOffsets(member).partitionsToOffsetAndMetadata())
          .forEach(
              (partition, offset) -> {
                if (offset != null) {
                  committed.put(partition, offset);
                }
              });
    }
    Map<TopicPartition, ListOffsetsResultInfo> next =
        list(admin, List.copyOf(committed.keySet()), OffsetSpec.latest());
    return committed.keySet().stream()
        .collect(
            Collectors.toMap(
                Function.identity(),
                partition -> next.get(partition).offset() - committed.get(partition).offset()));
  }

  /** Counts all records of each partition: those the group has not started on all wait. */
  private Map<TopicPartition, Long> records(Admin admin, List<String> topics) {
    List<TopicPartition> partitions =
        topics.stream()
            .flatMap(
                topic ->
                    await(admin.describeTopics(List.of(topic)).topicNameValues().get(topic))
                        .partitions()
                        .stream()
                        .map(partition -> new TopicPartition(topic, partition.partition())))
            .toList();
    Map<TopicPartition, ListOffsetsResultInfo> first =
        list(admin, partitions, OffsetSpec.earliest());
    Map<TopicPartition, ListOffsetsResultInfo> next = list(admin, partitions, OffsetSpec.latest());
    return partitions.stream()
        .collect(
            Collectors.toMap(
                Function.identity(),
                partition -> next.get(partition).offset() - first.get(partition).offset()));
  }

  private static Map<TopicPartition, ListOffsetsResultInfo> list(
      Admin admin, List<TopicPartition> partitions, OffsetSpec spec) {
    return await(
        admin
            .listOffsets(
                partitions.stream()
                    .collect(Collectors.toMap(Function.identity(), partition -> spec)))
            .all());
  }

  private Map<TopicPartition, SharePartitionOffsetInfo> offsets(Admin admin) {
    try {
      return await(
          admin
              .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
              .partitionsToOffsetInfo(group));
    } catch (GroupIdNotFoundException e) {
      return Map.of();
    }
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException kafka
          ? kafka
          : new KafkaException("The broker did not answer", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while querying the broker", e);
    }
  }

  /**
   * The state at one moment.
   *
   * @param topics whether the topics exist
   * @param workers connected workers, as {@code name (host)}
   * @param waiting number of jobs not finished yet
   */
  record Snapshot(boolean topics, List<String> workers, long waiting) {}
}
