package io.refinery.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.refinery.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChannelPointerTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123Z");
  private static final String HASH = "0123456789abcdef".repeat(4);

  private Optional<ChannelPointer> pointer = Optional.empty();

  private ChannelPointer move(int version, MoveReason.Cause cause) {
    ResolvedModel target = new ResolvedModel(new ModelVersion("eyes", version), HASH);
    MoveReason move = new MoveReason(cause, "anna@lab-3", "why " + version);
    pointer = Optional.of(ChannelPointer.next(pointer, target, move, NOW));
    return pointer.get();
  }

  private void promote(int... versions) {
    IntStream.of(versions).forEach(version -> move(version, MoveReason.Cause.PROMOTION));
  }

  /** Where it points after going back as often as it can. */
  private int[] rollbacks() {
    IntStream.Builder versions = IntStream.builder();
    for (int i = 0; i < 100 && pointer.get().previous().isPresent(); i++) {
      int previous = pointer.get().previous().get();
      move(previous, MoveReason.Cause.ROLLBACK);
      versions.add(previous);
    }
    return versions.build().toArray();
  }

  @Test
  void aPointerComesBackAsItWasWritten() throws IOException {
    promote(1, 2);

    ChannelPointer read = Json.mapper().readValue(Json.write(pointer.get()), ChannelPointer.class);

    assertThat(read).isEqualTo(pointer.get());
    assertThat(read.lastMove())
        .contains(
            new ChannelMove(
                NOW, Optional.of(1), 2, MoveReason.Cause.PROMOTION, "anna@lab-3", "why 2"));
    assertThat(read.history().get(0).from()).isEmpty();
  }

  @Test
  void anOlderReleasesPointerIsReadAndCanBeGoneBackTo() throws IOException {
    String json = "{\"version\":3,\"manifestSha256\":\"%s\",\"moved\":\"%s\"}";
    ChannelPointer old = Json.mapper().readValue(json.formatted(HASH, NOW), ChannelPointer.class);
    assertThat(old.history()).isEmpty();
    assertThat(old.lastMove()).isEmpty();
    assertThat(old.previous()).isEmpty();

    pointer = Optional.of(old);
    promote(4);

    assertThat(rollbacks()).containsExactly(3);
  }

  @Test
  void everyRollbackGoesFurtherBack() {
    promote(1, 2, 3);

    assertThat(rollbacks()).containsExactly(2, 1);
  }

  @Test
  void whatWasLeftByARollbackIsNotGoneBackTo() {
    promote(1, 2, 3);
    move(pointer.get().previous().orElseThrow(), MoveReason.Cause.ROLLBACK);
    promote(4);

    assertThat(rollbacks()).containsExactly(2, 1);
  }

  @Test
  void goingBackByPromotionIsAMoveLikeAnyOther() {
    promote(1, 2, 1);

    assertThat(rollbacks()).containsExactly(2, 1);
  }

  @Test
  void aMoveToWhereItIsIsNothingToGoBackTo() {
    promote(1, 2, 2);

    assertThat(rollbacks()).containsExactly(1);
  }

  @Test
  void theLastFiftyMovesAreKeptAndCanBeGoneBackThrough() {
    promote(IntStream.rangeClosed(1, 70).toArray());

    assertThat(pointer.get().history()).hasSize(ChannelPointer.KEPT);
    assertThat(pointer.get().history().get(0).to()).isEqualTo(21);
    // Moves of its own push older ones out meanwhile: half of what is kept is certain.
    assertThat(rollbacks()).startsWith(IntStream.range(45, 70).map(i -> 114 - i).toArray());
  }

  @Test
  void whoeverMovesAChannelHasANameAndAShortReason() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MoveReason(MoveReason.Cause.PROMOTION, " ", ""))
        .withMessageContaining("name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MoveReason(MoveReason.Cause.PROMOTION, "anna", "x".repeat(1001)))
        .withMessageContaining("1001");
  }
}
