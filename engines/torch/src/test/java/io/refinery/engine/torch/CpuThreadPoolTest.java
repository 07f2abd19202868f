package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class CpuThreadPoolTest {

  @Test
  void everyTaskRunsOnce() {
    Set<Integer> ran = ConcurrentHashMap.newKeySet();
    AtomicInteger runs = new AtomicInteger();
    try (CpuThreadPool pool = new CpuThreadPool(3)) {
      pool.run(
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
  void aTasksExceptionIsRethrownAndThePoolStaysUsable() {
    AtomicInteger runs = new AtomicInteger();
    try (CpuThreadPool pool = new CpuThreadPool(2)) {
      assertThatThrownBy(
              () ->
                  pool.run(
                      1000,
                      task -> {
                        throw new IllegalStateException("task");
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("task");
      pool.run(5, task -> runs.incrementAndGet());
    }
    assertThat(runs).hasValue(5);
  }

  @Test
  void poolThreadsUseOneCoreAndOtherThreadsKeepTheirSetting() {
    int before = torch.get_num_threads();
    Set<Integer> inPool = ConcurrentHashMap.newKeySet();
    try (CpuThreadPool pool = new CpuThreadPool(2)) {
      pool.run(20, task -> inPool.add(torch.get_num_threads()));
    }
    assertThat(inPool).containsOnly(1);
    assertThat(torch.get_num_threads()).isEqualTo(before);
  }
}
