package io.refinery.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

class StackKindTest {

  @Test
  void allMeansEveryKind() {
    assertThat(StackKind.parse("all")).containsExactly(StackKind.values());
  }

  @Test
  void aKindIsParsedByItsPrintedName() {
    for (StackKind kind : StackKind.values()) {
      assertThat(StackKind.parse(kind.toString())).containsExactly(kind);
    }
  }

  @Test
  void anUnknownKindIsRefusedListingTheKnownOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StackKind.parse("docker"))
        .withMessageContainingAll("docker", "embedded", "minio", "containers", "external", "all");
  }

  @Test
  @DisabledIfSystemProperty(
      named = "stack.bootstrap.servers",
      matches = ".*",
      disabledReason = "they are configured")
  void unconfiguredExternalServersAreReportedByPropertyAndVariable() {
    assertThat(StackKind.EXTERNAL.missing())
        .hasValueSatisfying(
            reason ->
                assertThat(reason).contains("stack.bootstrap.servers", "STACK_BOOTSTRAP_SERVERS"));
  }
}
