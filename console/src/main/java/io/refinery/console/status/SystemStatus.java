package io.refinery.console.status;

import io.refinery.broker.Backlog;
import io.refinery.broker.BacklogReader;
import io.refinery.console.connection.BrokerConnection;
import io.refinery.console.connection.Connections;
import io.refinery.message.Topics;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.ShareMemberDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
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
   * @throws io.refinery.broker.BrokerException if it does not say what waits
   */
  Snapshot read() {
    try (Admin admin = connections.admin()) {
      Set<String> names = await(admin.listTopics().names());
      Topics topics = connections.topics();
      if (!names.contains(topics.jobs())) {
        return new Snapshot(false, List.of(), 0);
      }
      return new Snapshot(true, workers(admin), waiting());
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

  private long waiting() {
    try (BacklogReader reader =
        BrokerConnection.backlog(connections.settings(), "refinery-status")) {
      return Backlog.of(reader.jobs(group).values()).records();
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
