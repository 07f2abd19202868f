package io.refinery.trainer.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.json.Json;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerNetwork;
import io.refinery.registry.ChannelMove;
import io.refinery.registry.ChannelMover;
import io.refinery.registry.ChannelPointer;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.MoveReason;
import io.refinery.registry.VersionDraft;
import io.refinery.storage.ObjectStorage;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.util.ArrayList;
import java.util.List;
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
  private final List<String> announced = new ArrayList<>();

  ChannelUpdaterIT(Stack stack) {
    storage = stack.storage();
    registry = new ModelRegistry(storage, stack.bucket(), "models-" + UUID.randomUUID());
    gated = updater(new GateSettings("stable", Optional.of(0.5), false));
  }

  private ChannelUpdater updater(GateSettings settings) {
    ChannelMover mover =
        new ChannelMover(
            registry,
            (model, channel, pointer) ->
                announced.add(channel + " " + pointer.version() + " " + cause(pointer)));
    return new ChannelUpdater(registry, mover, settings, "trainer-1");
  }

  private static MoveReason.Cause cause(ChannelPointer pointer) {
    return pointer.lastMove().orElseThrow().cause();
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
    Optional<Verdict> verdict = updater(GateSettings.OFF).afterPublication(published(), GOOD);

    assertThat(announced).containsExactly("latest 1 publication");
    assertThat(verdict).isEmpty();
    assertThat(registry.channels("eyes")).containsOnlyKeys("latest");
  }

  @Test
  void aVersionThatPassesBecomesStableForTheReasonOfTheGate() {
    Optional<Verdict> verdict = gated.afterPublication(published(), GOOD);

    assertThat(announced).containsExactly("latest 1 publication", "stable 1 gate");
    String reason = verdict.orElseThrow().reason();
    ChannelMove move = registry.channels("eyes").get("stable").lastMove().orElseThrow();
    assertThat(move.cause()).isEqualTo(MoveReason.Cause.GATE);
    assertThat(move.by()).isEqualTo("trainer-1");
    assertThat(move.reason()).isEqualTo(reason).contains("0.2000 pixels");
  }

  @Test
  void aVersionThatIsHeldBecomesLatestAndStableStays() {
    gated.afterPublication(published(), GOOD);
    announced.clear();

    Optional<Verdict> verdict = gated.afterPublication(published(), BAD);

    assertThat(announced).containsExactly("latest 2 publication");
    assertThat(verdict.orElseThrow()).isInstanceOf(Verdict.Held.class);
    assertThat(version("latest")).isEqualTo(2);
    assertThat(version("stable")).isEqualTo(1);
  }

  @Test
  void aRetryMovesNothingAndAnnouncesTheSameMoves() {
    ModelVersion version = published();
    gated.afterPublication(version, GOOD);
    List<String> first = List.copyOf(announced);
    announced.clear();

    gated.afterPublication(version, GOOD);

    assertThat(announced).isEqualTo(first);
    assertThat(registry.channels("eyes").get("stable").history()).hasSize(1);
  }

  @Test
  void aRetryDoesNotUndoWhatSomebodyDidMeanwhile() {
    gated.afterPublication(published(), GOOD);
    ModelVersion second = published();
    gated.afterPublication(second, GOOD);
    new ChannelMover(registry, (model, channel, pointer) -> {})
        .rollback("eyes", "stable", "anna@lab-3", "It was worse.");
    announced.clear();

    gated.afterPublication(second, GOOD);

    assertThat(announced).containsExactly("latest 2 publication");
    assertThat(version("stable")).isEqualTo(1);
  }

  @Test
  void aLateVersionMovesNoChannelBack() {
    ModelVersion early = published();
    gated.afterPublication(published(), GOOD);
    announced.clear();

    gated.afterPublication(early, GOOD);

    assertThat(announced).isEmpty();
    assertThat(version("latest")).isEqualTo(2);
    assertThat(version("stable")).isEqualTo(2);
  }

  @Test
  void nearerIsAskedOnlyWhereThereIsAStableVersion() {
    ChannelUpdater nearer = updater(new GateSettings("stable", Optional.empty(), true));
    nearer.afterPublication(published(), Map.of(Gate.DISTANCE, 0.5));
    assertThat(version("stable")).isEqualTo(1);

    nearer.afterPublication(published(), Map.of(Gate.DISTANCE, 0.4));
    assertThat(version("stable")).as("not compared").isEqualTo(1);
    nearer.afterPublication(published(), Map.of(Gate.DISTANCE, 0.4, Gate.PRESENT_DISTANCE, 0.5));
    assertThat(version("stable")).isEqualTo(3);
  }
}
