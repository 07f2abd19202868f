package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class KeepBusyAssignorTest {

  private static final String TOPIC = "the jobs";
  private static final List<TopicPartition> ALL = partitions(0, 1, 2, 3, 4, 5);

  private final Map<String, Subscription> members = new TreeMap<>();

  private static List<TopicPartition> partitions(int... numbers) {
    return IntStream.of(numbers).mapToObj(number -> new TopicPartition(TOPIC, number)).toList();
  }

  /** A member that owns partitions and works on some. */
  private void member(String name, List<TopicPartition> owned, List<TopicPartition> busy) {
    KeepBusyAssignor assignor = new KeepBusyAssignor();
    assignor.configure(Map.of(KeepBusyAssignor.MEMBER, new Busy(Set.copyOf(busy))));
    members.put(
        name,
        new Subscription(
            List.of(TOPIC),
            assignor.subscriptionUserData(Set.of(TOPIC)),
            owned,
            1,
            Optional.empty()));
  }

  private Map<String, List<TopicPartition>> assign() {
    List<PartitionInfo> infos =
        ALL.stream()
            .map(one -> new PartitionInfo(TOPIC, one.partition(), null, null, null))
            .toList();
    return new KeepBusyAssignor().assignPartitions(Map.of(TOPIC, infos), members);
  }

  private static final class Busy implements KeepBusyAssignor.Member {
    private final Set<TopicPartition> busy;
    private boolean joining;

    Busy(Set<TopicPartition> busy) {
      this.busy = busy;
    }

    @Override
    public Set<TopicPartition> joins() {
      joining = true;
      return busy;
    }

    @Override
    public void assigned() {
      joining = false;
    }
  }

  @Test
  void partitionsAreDividedEvenly() {
    member("a", List.of(), List.of());
    member("b", List.of(), List.of());
    assertThat(assign().values()).allSatisfy(some -> assertThat(some).hasSize(3));
  }

  @Test
  void aPartitionWithWorkStaysWithItsOwner() {
    member("a", ALL, partitions(0, 1, 2, 3, 4));
    member("b", List.of(), List.of());
    member("c", List.of(), List.of());
    Map<String, List<TopicPartition>> assignments = assign();
    assertThat(assignments.get("a")).containsAll(partitions(0, 1, 2, 3, 4));
    assertThat(new HashSet<>(assignments.get("b")))
        .doesNotContainAnyElementsOf(assignments.get("a"));
    assertThat(new HashSet<>(assignments.get("c")))
        .doesNotContainAnyElementsOf(assignments.get("a"));
  }

  @Test
  void otherPartitionsMoveToAMemberThatJoins() {
    member("a", ALL, partitions(5));
    member("b", List.of(), List.of());
    assertThat(assign().get("a")).contains(ALL.get(5)).hasSizeLessThan(ALL.size());
  }

  @Test
  void aPartitionOfWhichSomebodyElseIsTheOwnerIsNotKept() {
    member("a", partitions(0, 1, 2), partitions(3));
    member("b", partitions(3, 4, 5), partitions(3));
    assertThat(assign().get("b")).contains(ALL.get(3));
  }

  @Test
  void aMemberIsToldWhenARebalanceBeginsAndEnds() {
    Busy member = new Busy(Set.of());
    KeepBusyAssignor assignor = new KeepBusyAssignor();
    assignor.configure(Map.of(KeepBusyAssignor.MEMBER, member));
    assertThat(assignor.subscriptionUserData(Set.of(TOPIC)).remaining()).isPositive();
    assertThat(member.joining).isTrue();
    assignor.onAssignment(new Assignment(ALL), new MockConsumer<>("earliest").groupMetadata());
    assertThat(member.joining).isFalse();
  }
}
