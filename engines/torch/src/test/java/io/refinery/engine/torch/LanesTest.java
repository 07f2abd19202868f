package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class LanesTest {

  @Test
  void everyTaskRunsOnce() {
    Set<Integer> ran = ConcurrentHashMap.newKeySet();
    AtomicInteger runs = new AtomicInteger();
    try (Lanes lanes = new Lanes(3)) {
      lanes.run(
          100,
          task -> {
            ran.add(task);
            runs.incrementAndGet();
          });
    }
    assertThat(ran).hasSize(100);
    assertThat(runs).hasValue(100);
  }

  @Test
  void whatATaskThrowsComesOutAndTheLanesRunOn() {
    AtomicInteger runs = new AtomicInteger();
    try (Lanes lanes = new Lanes(2)) {
      assertThatThrownBy(
              () ->
                  lanes.run(
                      1000,
                      task -> {
                        throw new IllegalStateException("task");
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("task");
      lanes.run(5, task -> runs.incrementAndGet());
    }
    assertThat(runs).hasValue(5);
  }

  @Test
  void laneThreadsKeepToOneCoreAndOthersKeepWhatTheyHad() {
    int usual = torch.get_num_threads();
    Set<Integer> ofLanes = ConcurrentHashMap.newKeySet();
    try (Lanes lanes = new Lanes(2)) {
      lanes.run(20, task -> ofLanes.add(torch.get_num_threads()));
    }
    assertThat(ofLanes).containsOnly(1);
    assertThat(torch.get_num_threads()).isEqualTo(usual);
  }
}
