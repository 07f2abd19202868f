package io.refinery.trainer.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.json.Json;
import io.refinery.message.ChannelMoveEvent;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;
import io.refinery.registry.ChannelMove;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.MoveReason;
import io.refinery.registry.VersionDraft;
import io.refinery.storage.ObjectStorage;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@StackTest
class ChannelUpdaterIT {

  private static final Map<String, Double> GOOD = Map.of(Gate.LABEL_SHIFT, 0.2);
  private static final Map<String, Double> BAD = Map.of(Gate.LABEL_SHIFT, 0.9);

  private final ObjectStorage storage;
  private final ModelRegistry registry;
  private final ChannelUpdater gated;

  ChannelUpdaterIT(Stack stack) {
    storage = stack.storage();
    registry = new ModelRegistry(storage, stack.bucket(), "models-" + UUID.randomUUID());
    gated =
        new ChannelUpdater(
            registry, new GateSettings("stable", Optional.of(0.5), false), "trainer-1");
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private ModelVersion published() {
    return registry.publish(
        new VersionDraft(
            "eyes",
            RefinerNetwork.eyes(),
            DiscriminatorNetwork.eyes(),
            new ImageShape(1, 35, 55),
            Preprocessing.NONE,
            Json.mapper().createObjectNode(),
            Map.of(),
            "none",
            Optional.empty(),
            Map.of()));
  }

  private int version(String channel) {
    return registry.channels("eyes").get(channel).version();
  }

  @Test
  void withoutAGateLatestMovesAlone() {
    ChannelUpdater.Result made =
        new ChannelUpdater(registry, GateSettings.OFF, "trainer-1")
            .afterPublication(published(), GOOD);

    assertThat(made.moves()).extracting(ChannelMoveEvent::key).containsExactly("eyes@latest");
    assertThat(made.moves().get(0).cause()).contains(MoveReason.Cause.PUBLICATION);
    assertThat(made.verdict()).isEmpty();
    assertThat(registry.channels("eyes")).containsOnlyKeys("latest");
  }

  @Test
  void aVersionThatPassesBecomesStableForTheReasonOfTheGate() {
    ChannelUpdater.Result made = gated.afterPublication(published(), GOOD);

    assertThat(made.moves())
        .extracting(ChannelMoveEvent::key)
        .containsExactly("eyes@latest", "eyes@stable");
    String reason = made.verdict().orElseThrow().reason();
    ChannelMove move = registry.channels("eyes").get("stable").lastMove().orElseThrow();
    assertThat(move.cause()).isEqualTo(MoveReason.Cause.GATE);
    assertThat(move.by()).isEqualTo("trainer-1");
    assertThat(move.reason()).isEqualTo(reason).contains("0.2000 pixels");
  }

  @Test
  void aVersionThatIsHeldIsLatestAndStableStays() {
    gated.afterPublication(published(), GOOD);

    ChannelUpdater.Result made = gated.afterPublication(published(), BAD);

    assertThat(made.moves()).extracting(ChannelMoveEvent::key).containsExactly("eyes@latest");
    assertThat(made.verdict().orElseThrow()).isInstanceOf(Verdict.Held.class);
    assertThat(version("latest")).isEqualTo(2);
    assertThat(version("stable")).isEqualTo(1);
  }

  @Test
  void aSecondTryMovesNothingAndTellsTheSameMoves() {
    ModelVersion version = published();
    ChannelUpdater.Result first = gated.afterPublication(version, GOOD);

    ChannelUpdater.Result second = gated.afterPublication(version, GOOD);

    assertThat(second.moves()).isEqualTo(first.moves());
    assertThat(registry.channels("eyes").get("stable").history()).hasSize(1);
  }

  @Test
  void aSecondTryDoesNotUndoWhatSomebodyDidMeanwhile() {
    gated.afterPublication(published(), GOOD);
    ModelVersion second = published();
    gated.afterPublication(second, GOOD);
    registry.rollback("eyes", "stable", "anna@lab-3", "It was worse.");

    assertThat(gated.afterPublication(second, GOOD).moves())
        .extracting(ChannelMoveEvent::key)
        .containsExactly("eyes@latest");
    assertThat(version("stable")).isEqualTo(1);
  }

  @Test
  void aLateVersionTakesNothingBack() {
    ModelVersion early = published();
    gated.afterPublication(published(), GOOD);

    assertThat(gated.afterPublication(early, GOOD).moves()).isEmpty();
    assertThat(version("latest")).isEqualTo(2);
    assertThat(version("stable")).isEqualTo(2);
  }

  @Test
  void nearerIsAskedOnlyWhereThereIsAStableVersion() {
    ChannelUpdater nearer =
        new ChannelUpdater(
            registry, new GateSettings("stable", Optional.empty(), true), "trainer-1");
    nearer.afterPublication(published(), Map.of(Gate.DISTANCE, 0.5));
    assertThat(version("stable")).isEqualTo(1);

    nearer.afterPublication(published(), Map.of(Gate.DISTANCE, 0.4));
    assertThat(version("stable")).as("not compared").isEqualTo(1);
    nearer.afterPublication(published(), Map.of(Gate.DISTANCE, 0.4, Gate.PRESENT_DISTANCE, 0.5));
    assertThat(version("stable")).isEqualTo(3);
  }
}
