package io.refinery.console.doctor;

import java.util.List;
import java.util.Optional;

/**
 * The NVIDIA GPUs of this machine.
 *
 * @param trouble why there are none, or what is wrong with one of them, as a sentence
 */
record Gpus(List<Gpu> all, Optional<String> trouble) {

  Gpus {
    all = List.copyOf(all);
  }

  static Gpus none(String trouble) {
    return new Gpus(List.of(), Optional.of(trouble));
  }
}
