package io.refinery.telemetry;

import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.MDC;

/**
 * Labels of the calling thread's log lines, in SLF4J's MDC. A thread that works for a request
 * labels its lines with the request, and passes the labels on to threads that help.
 */
public final class LogLabels {

  /** The version of a model that a request is about, such as {@code eyes@7}. */
  public static final String MODEL = "model";

  /** The number of the delivery, from 1. */
  public static final String DELIVERY = "delivery";

  private LogLabels() {}

  /** Adds a label until the labels of this thread are restored. */
  public static void put(String name, String value) {
    MDC.put(name, value);
  }

  /** Runs work with further labels, and restores the thread's labels afterwards. */
  public static <T> T with(Map<String, String> labels, Supplier<T> work) {
    Map<String, String> before = MDC.getCopyOfContextMap();
    labels.forEach(MDC::put);
    try {
      return work.get();
    } finally {
      restore(before);
    }
  }

  /** Returns work that has the calling thread's labels, whichever thread runs it. */
  public static Runnable carried(Runnable work) {
    Supplier<Boolean> carried =
        carriedWithResult(
            () -> {
              work.run();
              return true;
            });
    return () -> {
      boolean unused = carried.get();
    };
  }

  /** Returns work with a result that has the calling thread's labels, whichever thread runs it. */
  public static <T> Supplier<T> carriedWithResult(Supplier<T> work) {
    Map<String, String> labels = MDC.getCopyOfContextMap();
    return () -> {
      Map<String, String> before = MDC.getCopyOfContextMap();
      restore(labels);
      try {
        return work.get();
      } finally {
        restore(before);
      }
    };
  }

  /** SLF4J has null for no labels. */
  private static void restore(Map<String, String> labels) {
    if (labels == null) {
      MDC.clear();
    } else {
      MDC.setContextMap(labels);
    }
  }
}
