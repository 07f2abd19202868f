package io.refinery.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {

  @Test
  void closesEachOnceInReverseOrderEvenWhenOneFails() {
    List<String> closed = new ArrayList<>();
    Closer parts = new Closer();
    AutoCloseable first = parts.add(() -> closed.add("first"));
    assertThat(first).isNotNull();
    parts.add(
        () -> {
          closed.add("second");
          throw new IllegalStateException("broken");
        });
    parts.add(() -> closed.add("third"));
    parts.close();
    parts.close();
    assertThat(closed).containsExactly("third", "second", "first");
  }
}
