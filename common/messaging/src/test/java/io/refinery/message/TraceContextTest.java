package io.refinery.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceContextTest {

  private final Headers from = new RecordHeaders();

  @ParameterizedTest
  @CsvSource({"traceparent, 128", "tracestate, 1024"})
  void aValueUpToItsLimitIsPassedAndALongerOneIsNot(String name, int longest) {
    byte[] value = new byte[longest];
    from.add(name, value);
    assertThat(passed().lastHeader(name).value()).isEqualTo(value);

    from.add(name, new byte[longest + 1]);
    assertThat(passed()).isEmpty();
  }

  @Test
  void nothingElseIsPassed() {
    from.add("baggage", new byte[3]);
    from.add("traceparent", null);
    assertThat(passed()).isEmpty();
  }

  @Test
  void ofSeveralValuesTheLastIsPassed() {
    from.add("traceparent", new byte[] {1});
    from.add("traceparent", new byte[] {2});
    assertThat(passed()).extracting(Header::value).containsExactly(new byte[] {2});
  }

  private Headers passed() {
    Headers to = new RecordHeaders();
    TraceContext.pass(from, to);
    return to;
  }
}
