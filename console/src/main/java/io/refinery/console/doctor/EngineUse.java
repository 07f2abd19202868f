package io.refinery.console.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.refinery.engine.Engine;
import io.refinery.engine.RefiningEngine;
import io.refinery.engine.TrainingEngine;

/** What an engine is used for. */
enum EngineUse {
  @JsonProperty("refine")
  REFINE(RefiningEngine.class, "refine", "refines", "images/s"),
  @JsonProperty("train")
  TRAIN(TrainingEngine.class, "train", "trains", "steps/s");

  private final Class<? extends Engine> kind;
  private final String verb;
  private final String thirdPerson;
  private final String unit;

  EngineUse(Class<? extends Engine> kind, String verb, String thirdPerson, String unit) {
    this.kind = kind;
    this.verb = verb;
    this.thirdPerson = thirdPerson;
    this.unit = unit;
  }

  /** Returns the type of the engines that support this use. */
  Class<? extends Engine> kind() {
    return kind;
  }

  String verb() {
    return verb;
  }

  String thirdPerson() {
    return thirdPerson;
  }

  /** Returns the unit of its measured speed. */
  String unit() {
    return unit;
  }
}
