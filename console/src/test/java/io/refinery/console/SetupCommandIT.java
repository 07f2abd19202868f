package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.console.Commands.Answer;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code refinery setup} as its users see it. */
@StackTest
class SetupCommandIT {

  @TempDir Path folder;
  private final Stack stack;

  SetupCommandIT(Stack stack) {
    this.stack = stack;
  }

  @Test
  void setupMakesBucketTopicsGroupsAndModelAndMayRunAgain() throws Exception {
    Commands commands = new Commands(stack, folder.resolve("home"));

    Answer first = commands.refinery("setup");
    Answer again = commands.refinery("setup");

    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).contains(stack.bucket(), stack.name("topics.*"), "eyes");
    assertThat(again).isEqualTo(first);
    Answer status = commands.refinery("status");
    assertThat(status.out())
        .contains("waiting  0 jobs", "latest is version 1", "stable is version 1")
        .doesNotContain("topics   none");
    assertThat(setting(stack.name("workers"), "share.auto.offset.reset")).isEqualTo("earliest");
    assertThat(setting(stack.name("trainers"), "share.auto.offset.reset")).isEqualTo("earliest");
  }

  private String setting(String group, String name) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    try (Admin admin = Admin.create(stack.kafkaProperties())) {
      Map<ConfigResource, Config> configs =
          admin.describeConfigs(List.of(resource)).all().get(30, TimeUnit.SECONDS);
      return configs.get(resource).get(name).value();
    }
  }

  @Test
  void aBrokerThatIsAwayIsReportedAsUnreachable() {
    Commands commands =
        new Commands(
            stack,
            folder.resolve("home"),
            Map.of(
                "refinery.kafka.bootstrap-servers", "localhost:1",
                "refinery.kafka.properties.default.api.timeout.ms", "1000"));

    Answer answer = commands.refinery("setup");

    assertThat(answer.code()).isEqualTo(3);
    assertThat(answer.err()).contains("localhost:1");
  }
}
