package io.refinery.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.message.JobControl.Action;
import io.refinery.message.ParsedMessage.Accepted;
import io.refinery.message.ParsedMessage.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobControlTest {

  @Test
  void aHandwrittenCancellationIsRead() {
    assertThat(read(Optional.empty(), "{\"id\":\"my-1\",\"action\":\"cancel\"}"))
        .isEqualTo(new Accepted<>(new JobControl("my-1", Action.CANCEL)));
  }

  @Test
  void theKeyReplacesAMissingId() {
    assertThat(read(Optional.of("my-1"), "{\"action\":\"cancel\"}"))
        .isEqualTo(new Accepted<>(new JobControl("my-1", Action.CANCEL)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cancel my job | not JSON",
        "{\"id\":\"my-1\"} | 'action'",
        "{\"id\":\"my-1\",\"action\":\"pause\"} | must be cancel",
        "{\"action\":\"cancel\"} | 'id'",
        "{\"id\":\"../a\",\"action\":\"cancel\"} | 'id'",
        "{\"id\":\"a\",\"id\":\"b\",\"action\":\"cancel\"} | ambiguous",
        "{\"schema\":\"refinery.job-control/2\",\"id\":\"a\",\"action\":\"cancel\"} | refinery.job-control/1"
      })
  void anInvalidControlIsRejectedWithASentence(String value, String named) {
    ParsedMessage<JobControl> parsed = read(Optional.empty(), value);

    assertThat(parsed).isInstanceOf(Rejected.class);
    assertThat(((Rejected<JobControl>) parsed).message()).contains(named).endsWith(".");
  }

  private static ParsedMessage<JobControl> read(Optional<String> key, String value) {
    return JobControl.read(key, value.getBytes(StandardCharsets.UTF_8));
  }
}
