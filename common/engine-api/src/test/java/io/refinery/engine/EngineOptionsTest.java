package io.refinery.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineOptionsTest {

  private enum Way {
    FAST,
    PLAIN
  }

  @Test
  void anEngineReadsItsOwnOptionsAndNoOthers() {
    EngineOptions options =
        new EngineOptions(
            Map.of("refinery.engines.a.threads", " 2 ", "refinery.engines.b.graphs", "true"));

    OptionReader ofA = options.of("a", Set.of("threads"));

    assertThat(ofA.count("threads")).contains(2);
    assertThat(ofA.toggle("graphs")).isEmpty();
  }

  @Test
  void whatIsNotGivenOrAutoIsTheEnginesChoice() {
    EngineOptions options = new EngineOptions(Map.of("refinery.engines.a.threads", "auto"));

    OptionReader reader = options.of("a", Set.of("threads"));

    assertThat(reader.count("threads")).isEmpty();
    assertThat(reader.microBatch("micro-batch")).isEmpty();
    assertThat(reader.flag("graphs", true)).isTrue();
    assertThat(reader.choice("way", Way.class)).isEmpty();
  }

  @Test
  void everyTypeIsRead() {
    OptionReader reader =
        reader(Map.of("micro-batch", "8", "spinning", "false", "graphs", "true", "way", "plain"));

    assertThat(reader.microBatch("micro-batch")).contains(new MicroBatchSize(8));
    assertThat(reader.toggle("spinning")).contains(false);
    assertThat(reader.flag("graphs", false)).isTrue();
    assertThat(reader.choice("way", Way.class)).contains(Way.PLAIN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "many", "2.5", ""})
  void aCountIsAtLeastOne(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader(Map.of("threads", text)).count("threads"))
        .withMessage(
            "refinery.engines.a.threads is auto or a whole number of at least 1, not '"
                + text
                + "'");
  }

  @Test
  void aBadValueIsNamedBesideThoseThatAreValid() {
    OptionReader reader = reader(Map.of("spinning", "yes", "graphs", "auto", "way", "quick"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader.toggle("spinning"))
        .withMessage("refinery.engines.a.spinning is auto, true or false, not 'yes'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader.flag("graphs", true))
        .withMessage("refinery.engines.a.graphs is true or false, not 'auto'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader.choice("way", Way.class))
        .withMessage("refinery.engines.a.way is auto or one of fast, plain, not 'quick'");
  }

  @Test
  void anOptionThatAnEngineDoesNotHaveIsNamed() {
    EngineOptions options = new EngineOptions(Map.of("refinery.engines.a.thread", "2"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.of("a", Set.of("threads")))
        .withMessage("The engine a has no option 'refinery.engines.a.thread', only [threads]");
  }

  @Test
  void aNameOfSomethingElseIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EngineOptions(Map.of("refinery.worker.device", "cpu")))
        .withMessageContaining("'refinery.worker.device' is not an engine's option");
  }

  @Test
  void assignmentsAreReadAsTheyAreWritten() {
    EngineOptions options =
        new EngineOptions(
            Map.of("refinery.engines.b.way", "a=b", "refinery.engines.a.threads", "2"));

    assertThat(options.toAssignments())
        .containsExactly("refinery.engines.a.threads=2", "refinery.engines.b.way=a=b");
    assertThat(EngineOptions.parse(options.toAssignments())).isEqualTo(options);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EngineOptions.parse(List.of("refinery.engines.a.threads")))
        .withMessageContaining("is not NAME=VALUE");
  }

  private static OptionReader reader(Map<String, String> values) {
    return EngineOptions.parse(
            values.entrySet().stream()
                .map(value -> "refinery.engines.a." + value.getKey() + "=" + value.getValue())
                .toList())
        .of("a", values.keySet());
  }
}
