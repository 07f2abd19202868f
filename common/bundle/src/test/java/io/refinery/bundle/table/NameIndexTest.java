package io.refinery.bundle.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NameIndexTest {

  private static final int BITS = 16;

  /** All have the same {@link String#hashCode}. */
  private static String colliding(int number) {
    return IntStream.range(0, BITS)
        .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
        .collect(Collectors.joining());
  }

  @Test
  void namesThatWereChosenToCollideAreFoundInTime() {
    List<String> images = IntStream.range(0, 1 << BITS).mapToObj(NameIndexTest::colliding).toList();
    assertThat(images.stream().mapToInt(String::hashCode).distinct()).hasSize(1);
    int[] scope = IntStream.range(0, images.size()).toArray();

    // Comparing each with all takes a minute.
    NameIndex index =
        assertTimeoutPreemptively(
            Duration.ofSeconds(15), () -> new NameIndex(images, scope, NameKey.WHOLE, ""));

    assertThat(index.isUnique()).isTrue();
    for (int i = 0; i < images.size(); i += 1009) {
      assertThat(index.find(images.get(i))).isEqualTo(i);
    }
    assertThat(index.find("AaAa")).isEqualTo(NameIndex.NONE);
  }

  @Test
  void equalKeysAreNotUniqueAndNamesOfAnyLengthAreFound() {
    List<String> images = List.of("", "a", "\uffff".repeat(70_000), "a");
    NameIndex index = new NameIndex(images, new int[] {0, 1, 2, 3}, NameKey.WHOLE, "");

    assertThat(index.isUnique()).isFalse();
    assertThat(index.find("")).isZero();
    assertThat(index.find("a")).isEqualTo(1);
    assertThat(index.find("\uffff".repeat(70_000))).isEqualTo(2);
  }
}
