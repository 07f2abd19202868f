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
   * It can.
   *
   * @param version runtime and version
   * @param rank higher goes before lower, as {@code Engine.speed} says
   * @param perSecond images or steps a second, where that was measured
   */
  record Usable(String version, int rank, Optional<Double> perSecond) implements Capability {}

  /**
   * It cannot.
   *
   * @param missing what is missing, or how it failed, as a sentence
   */
  record Unusable(String missing) implements Capability {}

  /** The engine is not made for it. */
  @JsonSerialize // or Jackson refuses to write what has no fields
  record NotMade() implements Capability {}
}
