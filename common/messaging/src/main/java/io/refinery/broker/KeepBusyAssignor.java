package io.refinery.broker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Divides partitions among the members of a consumer group evenly, except that a partition stays
 * with a member that works on a record of it. So a member that joins or leaves never causes the
 * long job of another to be done twice. Created by the client, by its name.
 */
public final class KeepBusyAssignor extends CooperativeStickyAssignor implements Configurable {

  /** The client property that holds the {@link Member}. */
  static final String MEMBER = "refinery.member";

  private static final String NAME = "refinery-keep-busy";

  /** Bytes that the base class writes: a generation. */
  private static final int INHERITED = Integer.BYTES;

  /** The member that this instance belongs to. Called on the thread that polls. */
  public interface Member {

    /**
     * Called when a rebalance begins. Until {@link #assigned}, the member must begin no work.
     *
     * @return the partitions that the member works on
     */
    Set<TopicPartition> joins();

    /** Called when the rebalance has ended. */
    void assigned();
  }

  private Optional<Member> member = Optional.empty();

  @Override
  public void configure(Map<String, ?> configs) {
    member = Optional.ofNullable((Member) configs.get(MEMBER));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ByteBuffer subscriptionUserData(Set<String> topics) {
    ByteBuffer inherited = super.subscriptionUserData(topics);
    byte[] busy =
        member.map(Member::joins).orElse(Set.of()).stream()
            .map(partition -> partition.partition() + " " + partition.topic())
            .collect(Collectors.joining("\n"))
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer all = ByteBuffer.allocate(inherited.remaining() + busy.length);
    all.put(inherited).put(busy).flip();
    return all;
  }

  @Override
  public void onAssignment(Assignment assignment, ConsumerGroupMetadata metadata) {
    super.onAssignment(assignment, metadata);
    member.ifPresent(Member::assigned);
  }

  @Override
  public Map<String, List<TopicPartition>> assignPartitions(
      Map<String, List<PartitionInfo>> partitions, Map<String, Subscription> subscriptions) {
    Map<String, List<TopicPartition>> assignments =
        super.assignPartitions(partitions, subscriptions);
    subscriptions.forEach((name, subscription) -> keep(busy(subscription), name, assignments));
    return assignments;
  }

  private static void keep(
      Collection<TopicPartition> busy, String name, Map<String, List<TopicPartition>> assignments) {
    for (TopicPartition partition : busy) {
      if (!assignments.get(name).contains(partition)) {
        assignments.values().forEach(others -> others.remove(partition));
        assignments.get(name).add(partition);
      }
    }
  }

  /** Returns the partitions that a member owns and works on. */
  private static Set<TopicPartition> busy(Subscription subscription) {
    ByteBuffer data = subscription.userData();
    if (data == null || data.limit() <= INHERITED) {
      return Set.of();
    }
    ByteBuffer own = data.duplicate().position(INHERITED);
    Set<TopicPartition> busy =
        StandardCharsets.UTF_8
            .decode(own)
            .toString()
            .lines()
            .map(line -> line.split(" ", 2))
            .map(words -> new TopicPartition(words[1], Integer.parseInt(words[0])))
            .collect(Collectors.toCollection(HashSet::new));
    busy.retainAll(subscription.ownedPartitions());
    return busy;
  }
}
