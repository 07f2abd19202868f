package io.refinery.broker;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Work that a test holds at single records. */
final class GatedWork implements RecordProcessor.Work {

  private final Map<Long, Semaphore> gates = new ConcurrentHashMap<>();
  private final Queue<AcknowledgeType> answers = new ConcurrentLinkedQueue<>();
  private final List<Long> begun = new CopyOnWriteArrayList<>();
  private final List<String> tries = new CopyOnWriteArrayList<>();
  private final AtomicInteger interrupted = new AtomicInteger();
  private volatile boolean ready = true;

  /** Makes the work on a record wait until it is let or interrupted. */
  void hold(long offset) {
    gates.put(offset, new Semaphore(0));
  }

  void let(long offset) {
    gates.get(offset).release(100);
  }

  void ready(boolean now) {
    ready = now;
  }

  /** Sets what the next works end with, instead of ACCEPT. */
  void answer(AcknowledgeType... next) {
    answers.addAll(List.of(next));
  }

  /** Returns the offsets of the records on which work has begun, in order. */
  List<Long> begun() {
    return List.copyOf(begun);
  }

  /** Returns the tries that have begun, such as {@code 3 try 2}. */
  List<String> tries() {
    return List.copyOf(tries);
  }

  int interrupted() {
    return interrupted.get();
  }

  @Override
  public AcknowledgeType run(ConsumerRecord<String, byte[]> record) {
    begun.add(record.offset());
    tries.add(record.offset() + " try " + record.deliveryCount().orElse((short) 1));
    try {
      Semaphore gate = gates.get(record.offset());
      if (gate != null) {
        gate.acquire();
      }
      AcknowledgeType answer = answers.poll();
      return answer == null ? AcknowledgeType.ACCEPT : answer;
    } catch (InterruptedException e) {
      interrupted.incrementAndGet();
      return AcknowledgeType.RELEASE;
    }
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public AcknowledgeType decline(ConsumerRecord<String, byte[]> record) {
    return AcknowledgeType.RELEASE;
  }
}
