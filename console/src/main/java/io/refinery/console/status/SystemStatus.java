package io.refinery.console.status;

import io.refinery.console.connection.Connections;
import io.refinery.message.Topics;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** What the broker knows of jobs and workers. */
final class SystemStatus {

  private final Connections connections;
  private final String group;

  SystemStatus(Connections connections) {
    this.connections = connections;
    this.group = connections.settings().worker().group();
  }

  /**
   * What stands now.
   *
   * @throws KafkaException when the broker is not reached
   */
  Snapshot read() {
    try (Admin admin = connections.admin()) {
      Set<String> names = await(admin.listTopics().names());
      Topics topics = connections.topics();
      if (!names.contains(topics.jobs())) {
        return new Snapshot(false, List.of(), OptionalLong.empty());
      }
      return new Snapshot(true, workers(admin), waiting(admin));
    }
  }

  private List<String> workers(Admin admin) {
    try {
      ShareGroupDescription description =
          await(admin.describeShareGroups(List.of(group)).describedGroups().get(group));
      return description.members().stream()
          .map(member -> member.clientId() + " (" + member.host().replace("/", "") + ")")
          .sorted()
          .toList();
    } catch (GroupIdNotFoundException e) {
      return List.of();
    }
  }

  private OptionalLong waiting(Admin admin) {
    try {
      Map<TopicPartition, SharePartitionOffsetInfo> offsets =
          await(
              admin
                  .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                  .partitionsToOffsetInfo(group));
      if (offsets.values().stream().anyMatch(info -> info == null || info.lag().isEmpty())) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(offsets.values().stream().mapToLong(info -> info.lag().get()).sum());
    } catch (GroupIdNotFoundException e) {
      return OptionalLong.empty();
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
      throw new KafkaException("Interrupted while the broker was asked", e);
    }
  }

  /**
   * The broker's side of the system.
   *
   * @param topics whether the topics are there
   * @param workers that take jobs now
   * @param waiting jobs that are not finished, empty where the broker cannot tell yet
   */
  record Snapshot(boolean topics, List<String> workers, OptionalLong waiting) {}
}
