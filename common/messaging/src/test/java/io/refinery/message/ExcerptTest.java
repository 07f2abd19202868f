package io.refinery.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExcerptTest {

  private static final String MARK = " [...]";

  @Test
  void textUpToTheLimitStaysAsItIs() {
    String text = "x".repeat(Excerpt.LONGEST);
    assertThat(Excerpt.of(text)).isEqualTo(text);
    assertThat(Excerpt.of("")).isEmpty();
  }

  @Test
  void longerTextIsCutToTheLimitAndMarked() {
    String excerpt = Excerpt.of("x".repeat(Excerpt.LONGEST + 1));
    assertThat(excerpt)
        .hasSize(Excerpt.LONGEST)
        .endsWith(MARK)
        .startsWith("x".repeat(Excerpt.LONGEST - MARK.length()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aSurrogatePairIsKeptOrLeftOutAsAWhole(int charactersBefore) {
    String text = "x".repeat(charactersBefore) + "\uD83D\uDE00".repeat(Excerpt.LONGEST);
    String excerpt = Excerpt.of(text);
    assertThat(excerpt).hasSizeBetween(Excerpt.LONGEST - 1, Excerpt.LONGEST).endsWith(MARK);
    assertThat(text).startsWith(excerpt.substring(0, excerpt.length() - MARK.length()));
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(excerpt)).isTrue();
  }

  @Test
  void halfASurrogatePairBecomesAQuestionMark() {
    assertThat(Excerpt.of("a\uD83Db\uDE00")).isEqualTo("a?b?");
  }
}
