package io.refinery.delivery;

import io.refinery.message.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** Attempts and settling as scripted by a test, with a record of all events. */
final class ScriptedHandler implements DeliveryHandler<String, String, String> {

  interface Script {
    Attempt<String> run(BooleanSupplier stopping) throws Exception;
  }

  final List<Script> attempts = new ArrayList<>();
  final List<Runnable> settling = new ArrayList<>();
  final List<String> events = new CopyOnWriteArrayList<>();
  final List<String> settled = new CopyOnWriteArrayList<>();
  Optional<String> earlier = Optional.empty();

  @Override
  public String begin(Delivery<String> delivery) {
    events.add("begin");
    return "context";
  }

  @Override
  public Optional<String> settled(Delivery<String> delivery, String context) {
    return earlier;
  }

  @Override
  public Attempt<String> attempt(
      Delivery<String> delivery, String context, BooleanSupplier stopping) throws Exception {
    return attempts.remove(0).run(stopping);
  }

  @Override
  public String failed(Delivery<String> delivery, String context, ErrorCode code, String sentence) {
    return code + ": " + sentence;
  }

  @Override
  public void settle(Delivery<String> delivery, String context, String result) {
    if (!settling.isEmpty()) {
      settling.remove(0).run();
    }
    settled.add(result);
  }

  @Override
  public void waits(Delivery<String> delivery, String context, String reason) {
    events.add("waits");
  }

  @Override
  public void released(Delivery<String> delivery, String context, String reason) {
    events.add("released: " + reason);
  }

  @Override
  public void end(Delivery<String> delivery, String context) {
    events.add("end");
  }
}
