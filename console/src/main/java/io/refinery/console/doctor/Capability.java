package io.refinery.console.doctor;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Optional;

/** Whether an engine can do one thing on one device. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "result")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Capability.Usable.class, name = "usable"),
  @JsonSubTypes.Type(value = Capability.Unusable.class, name = "unusable"),
  @JsonSubTypes.Type(value = Capability.NotMade.class, name = "not made")
})
sealed interface Capability {

  /**
   * The engine can do it.
   *
   * @param version name and version of the runtime
   * @param rank {@code Engine.speed}: auto prefers the higher rank
   * @param perSecond images or steps per second, if measured
   */
  record Usable(String version, int rank, Optional<Double> perSecond) implements Capability {}

  /**
   * The engine supports it, but not here.
   *
   * @param missing what is missing, or how it failed, as a sentence
   */
  record Unusable(String missing) implements Capability {}

  /** The engine does not support it on any device. */
  @JsonSerialize // Jackson refuses to write a type without fields otherwise.
  record NotMade() implements Capability {}
}
