package io.refinery.delivery;

import io.refinery.broker.RecordProcessor;
import io.refinery.telemetry.LogLabels;
import io.refinery.telemetry.Tracing;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Labels the log lines of each delivery with its request, runs it within a span, and reports what
 * becomes of locks.
 *
 * @param <T> what a valid message asks for
 */
public final class ObservedWork<T> implements RecordProcessor.Work {

  /** Receives what becomes of the locks of records. */
  public interface Locks {

    /** Called for each renewal. */
    void renewed();

    /** Called for each lock that was lost. */
    void lost();
  }

  /**
   * Names in labels and attributes.
   *
   * @param service {@code worker} or {@code trainer}
   * @param name the name of the process
   * @param request {@code job} or {@code training}
   */
  public record Names(String service, String name, String request) {}

  private final Names names;
  private final Function<ConsumerRecord<String, byte[]>, Delivery<T>> reader;
  private final RecordProcessor.Work work;
  private final Locks locks;

  /**
   * @param reader reads the request's id
   * @param work does the work
   */
  public ObservedWork(
      Names names,
      Function<ConsumerRecord<String, byte[]>, Delivery<T>> reader,
      RecordProcessor.Work work,
      Locks locks) {
    this.names = names;
    this.reader = reader;
    this.work = work;
    this.locks = locks;
  }

  @Override
  public AcknowledgeType run(ConsumerRecord<String, byte[]> message) {
    Delivery<T> delivery = reader.apply(message);
    return LogLabels.with(labels(delivery), () -> traced(delivery));
  }

  private AcknowledgeType traced(Delivery<T> delivery) {
    Map<String, String> attributes =
        Map.of(
            "refinery." + names.request(),
            delivery.id(),
            "refinery." + names.service(),
            names.name(),
            "refinery.delivery",
            Integer.toString(delivery.count()));
    return Tracing.process(
        delivery.message(),
        attributes,
        () -> {
          AcknowledgeType type = work.run(delivery.message());
          Tracing.describe("refinery.acknowledgement", type.name().toLowerCase(Locale.ROOT));
          return type;
        });
  }

  private Map<String, String> labels(Delivery<T> delivery) {
    return Map.of(
        names.service(),
        names.name(),
        names.request(),
        delivery.id(),
        LogLabels.DELIVERY,
        Integer.toString(delivery.count()));
  }

  @Override
  public <S> S labelled(ConsumerRecord<String, byte[]> message, Supplier<S> step) {
    return LogLabels.with(labels(reader.apply(message)), step);
  }

  @Override
  public boolean isReady() {
    return work.isReady();
  }

  @Override
  public AcknowledgeType decline(ConsumerRecord<String, byte[]> message) {
    return work.decline(message);
  }

  @Override
  public void renewed() {
    locks.renewed();
  }

  @Override
  public void lockLost() {
    locks.lost();
  }
}
