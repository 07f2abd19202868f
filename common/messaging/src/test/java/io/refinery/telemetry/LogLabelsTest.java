package io.refinery.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogLabelsTest {

  @AfterEach
  void clear() {
    MDC.clear();
  }

  @Test
  void labelsEndWithTheWorkThatTheyAreOf() {
    MDC.put("worker", "w1");
    String seen =
        LogLabels.with(
            Map.of("job", "j1"),
            () -> {
              LogLabels.put(LogLabels.MODEL, "eyes@7");
              return MDC.get("worker") + " " + MDC.get("job") + " " + MDC.get("model");
            });
    assertThat(seen).isEqualTo("w1 j1 eyes@7");
    assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("worker", "w1"));
  }

  @Test
  void anotherThreadHasTheLabelsOnlyWhileItHelps() throws Exception {
    CompletableFuture<String> during = new CompletableFuture<>();
    CompletableFuture<String> after = new CompletableFuture<>();
    Runnable help =
        LogLabels.with(
            Map.of("job", "j1"), () -> LogLabels.carried(() -> during.complete(MDC.get("job"))));
    Thread helper =
        new Thread(
            () -> {
              MDC.put("job", "its own");
              help.run();
              after.complete(MDC.get("job"));
            });
    helper.start();
    helper.join();
    assertThat(during).isCompletedWithValue("j1");
    assertThat(after).isCompletedWithValue("its own");
  }
}
