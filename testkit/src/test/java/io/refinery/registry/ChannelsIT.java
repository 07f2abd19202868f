package io.refinery.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.testkit.Race;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@StackTest
class ChannelsIT {

  private static final int VERSIONS = 4;

  private final ObjectStorage storage;
  private final String bucket;
  private final String prefix = "models-" + UUID.randomUUID();
  private final ModelRegistry registry;

  @TempDir private Path folder;

  ChannelsIT(Stack stack) {
    storage = stack.storage();
    bucket = stack.bucket();
    registry = new ModelRegistry(storage, bucket, prefix);
  }

  @BeforeEach
  void publish() throws IOException {
    Path weights = Files.writeString(folder.resolve("weights"), "the refiner's weights");
    for (int version = 1; version <= VERSIONS; version++) {
      registry.publish(Drafts.draft("eyes", version, Map.of(Manifest.REFINER_WEIGHTS, weights)));
    }
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private ChannelPointer move(int version, MoveReason.Cause cause) {
    return registry.moveChannel(
        "eyes", "stable", version, new MoveReason(cause, "anna@lab-3", "because of " + version));
  }

  private Optional<Integer> advance(int version, MoveReason.Cause cause) {
    return registry
        .advanceChannel("eyes", "stable", version, new MoveReason(cause, "a trainer", ""))
        .map(ChannelPointer::version);
  }

  private ChannelPointer rollback() {
    return registry.rollback("eyes", "stable", "anna@lab-3", "It was worse.");
  }

  private ChannelPointer stable() {
    return registry.channels("eyes").get("stable");
  }

  @Test
  void aChannelPointsToTheVersionItWasMovedTo() {
    move(1, MoveReason.Cause.PROMOTION);
    ChannelPointer moved = move(2, MoveReason.Cause.PROMOTION);

    ResolvedModel model = registry.resolve(ModelReference.parse("eyes"));
    assertThat(model.version()).isEqualTo(new ModelVersion("eyes", 2));
    assertThat(model.manifestSha256()).isEqualTo(moved.manifestSha256());
    assertThat(registry.channels("eyes")).containsExactly(Map.entry("stable", moved));
    assertThat(registry.fetch(model, folder.resolve("cache")).version().number()).isEqualTo(2);
  }

  @Test
  void concurrentMovesAllSucceedAndAreAllRecorded() throws Exception {
    List<ChannelPointer> moves =
        Race.of(8, number -> () -> move(number % VERSIONS + 1, MoveReason.Cause.PROMOTION));

    assertThat(moves)
        .extracting(ChannelPointer::version)
        .isEqualTo(IntStream.range(0, 8).map(number -> number % VERSIONS + 1).boxed().toList());
    assertThat(moves).contains(stable());
    List<ChannelMove> history = stable().history();
    assertThat(history).hasSize(8);
    for (int i = 1; i < history.size(); i++) {
      assertThat(history.get(i).from()).contains(history.get(i - 1).to());
    }
  }

  @Test
  void aMoveIsRecordedWithItsCauseAuthorAndReason() {
    move(1, MoveReason.Cause.PUBLICATION);
    move(3, MoveReason.Cause.GATE);
    ChannelMove last = rollback().lastMove().orElseThrow();

    assertThat(stable().history())
        .extracting(ChannelMove::cause)
        .containsExactly(
            MoveReason.Cause.PUBLICATION, MoveReason.Cause.GATE, MoveReason.Cause.ROLLBACK);
    assertThat(stable().history())
        .extracting(ChannelMove::reason)
        .containsExactly("because of 1", "because of 3", "It was worse.");
    assertThat(last.from()).contains(3);
    assertThat(last.to()).isEqualTo(1);
    assertThat(last.by()).isEqualTo("anna@lab-3");
    assertThat(last.at()).isEqualTo(stable().moved());
  }

  @Test
  void advancingOnlyGoesForward() {
    assertThat(advance(2, MoveReason.Cause.PUBLICATION)).contains(2);
    ChannelPointer there = stable();
    assertThat(advance(1, MoveReason.Cause.PUBLICATION)).isEmpty();
    assertThat(advance(2, MoveReason.Cause.PUBLICATION)).contains(2);
    assertThat(stable()).isEqualTo(there);
    assertThat(advance(3, MoveReason.Cause.PUBLICATION)).contains(3);
  }

  @Test
  void concurrentAdvancesEndAtTheHighestVersion() throws Exception {
    Race.of(8, number -> () -> advance(number % VERSIONS + 1, MoveReason.Cause.PUBLICATION));

    assertThat(stable().version()).isEqualTo(VERSIONS);
  }

  @Test
  void aLateRetryDoesNotUndoARollback() {
    move(1, MoveReason.Cause.PROMOTION);
    advance(2, MoveReason.Cause.GATE);
    rollback();

    assertThat(advance(2, MoveReason.Cause.GATE)).isEmpty();
    assertThat(stable().version()).isEqualTo(1);
    assertThat(advance(3, MoveReason.Cause.GATE)).contains(3);
  }

  @Test
  void aSecondRollbackGoesFurtherBackAndAThirdFails() {
    move(1, MoveReason.Cause.PROMOTION);
    move(2, MoveReason.Cause.PROMOTION);
    move(3, MoveReason.Cause.PROMOTION);

    assertThat(rollback().version()).isEqualTo(2);
    assertThat(rollback().version()).isEqualTo(1);
    assertThatExceptionOfType(ModelNotFoundException.class)
        .isThrownBy(this::rollback)
        .withMessageContainingAll("eyes@stable is eyes@1", "no version before", "1, 2, 3, 4");
    assertThat(stable().version()).isEqualTo(1);
    assertThat(registry.resolve(ModelReference.parse("eyes")).manifestSha256())
        .isEqualTo(registry.resolve(ModelReference.parse("eyes@1")).manifestSha256());
  }

  @Test
  void concurrentRollbacksGoBackOneByOne() throws Exception {
    IntStream.rangeClosed(1, VERSIONS).forEach(number -> move(number, MoveReason.Cause.PROMOTION));

    List<ChannelPointer> backs = Race.of(3, number -> this::rollback);

    assertThat(backs).extracting(ChannelPointer::version).containsExactlyInAnyOrder(3, 2, 1);
    assertThat(stable().version()).isEqualTo(1);
  }

  @Test
  void aMissingChannelCannotBeRolledBack() {
    assertThatExceptionOfType(ModelNotFoundException.class)
        .isThrownBy(() -> registry.rollback("eyes", "night", "anna", ""))
        .withMessageContaining("no channel night");
    assertThatExceptionOfType(ModelNotFoundException.class)
        .isThrownBy(() -> registry.rollback("hands", "stable", "anna", ""))
        .withMessageContaining("no model hands");
  }

  @Test
  void aPointerFromAnOlderReleaseCanBeMovedAndRolledBackTo() {
    String sha256 = registry.resolve(ModelReference.parse("eyes@1")).manifestSha256();
    String old =
        "{\"version\":1,\"manifestSha256\":\"%s\",\"moved\":\"2026-01-02T03:04:05Z\"}"
            .formatted(sha256);
    storage.put(new ObjectRef(bucket, prefix + "/eyes/channels/stable.json"), old.getBytes(UTF_8));

    move(2, MoveReason.Cause.PROMOTION);

    assertThat(rollback().version()).isEqualTo(1);
    assertThat(stable().manifestSha256()).isEqualTo(sha256);
  }
}
