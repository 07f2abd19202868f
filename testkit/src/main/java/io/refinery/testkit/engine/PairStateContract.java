package io.refinery.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Optimizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of every pair's state: which pairs resume from it, and which refuse it. */
public interface PairStateContract extends PairMaker {

  @ParameterizedTest
  @MethodSource(Tiny.OPTIMIZERS)
  default void aPairResumesFromASavedStateBitForBit(Optimizer optimizer) throws IOException {
    try (AdversarialPair uninterrupted = scattered(optimizer);
        AdversarialPair resumed = scattered(optimizer)) {
      steps(uninterrupted);
      byte[] state = state(uninterrupted);
      steps(uninterrupted);

      resumed.updateRefiner(Tiny.REAL);
      resumed.loadState(new ByteArrayInputStream(state));
      assertThat(state(resumed)).containsExactly(state);
      steps(resumed);

      assertThat(state(resumed)).containsExactly(state(uninterrupted));
      assertThat(Tiny.values(resumed.refinerWeights()))
          .containsExactly(Tiny.values(uninterrupted.refinerWeights()));
    }
  }

  @Test
  default void aStateWithMomentumIsRefusedByAPairWithout() throws IOException {
    try (AdversarialPair pair = scattered(Tiny.SGD);
        AdversarialPair other = scattered(Tiny.MOMENTUM)) {
      byte[] state = state(other);
      assertThatThrownBy(() -> pair.loadState(new ByteArrayInputStream(state)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("momentum=0.9");
    }
  }

  @Test
  default void aStateOfAnotherPairIsRefusedAndChangesNothing() throws IOException {
    try (AdversarialPair pair = scattered(Tiny.SGD);
        AdversarialPair other = scattered(Tiny.ADAM)) {
      byte[] state = state(other);
      byte[] before = state(pair);
      assertThatThrownBy(() -> pair.loadState(new ByteArrayInputStream(state)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Adam");
      assertThat(state(pair)).containsExactly(before);
    }
  }

  @Test
  default void aTruncatedStateIsRefusedAndChangesNothing() throws IOException {
    try (AdversarialPair pair = scattered(Tiny.ADAM)) {
      byte[] early = state(pair);
      steps(pair);
      byte[] late = state(pair);
      byte[] cutOff = Arrays.copyOf(early, early.length - 1);
      assertThatThrownBy(() -> pair.loadState(new ByteArrayInputStream(cutOff)))
          .isInstanceOf(EOFException.class);
      assertThat(state(pair)).containsExactly(late);
    }
  }

  private static void steps(AdversarialPair pair) {
    pair.pretrainRefiner(Tiny.SYNTHETIC);
    pair.updateRefiner(Tiny.SYNTHETIC);
    PairMaker.updateDiscriminator(pair, Tiny.REAL, pair.refine(Tiny.SYNTHETIC));
  }

  private static byte[] state(AdversarialPair pair) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    pair.saveState(out);
    return out.toByteArray();
  }
}
