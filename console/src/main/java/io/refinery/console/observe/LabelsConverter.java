package io.refinery.console.observe;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The labels of a log line in a pattern of Logback, such as {@code [job=eyes-1 model=eyes@7] };
 * nothing for a line without labels.
 */
public final class LabelsConverter extends ClassicConverter {

  @Override
  public String convert(ILoggingEvent event) {
    Map<String, String> labels = event.getMDCPropertyMap();
    if (labels.isEmpty()) {
      return "";
    }
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(" ", "[", "] "));
  }
}
