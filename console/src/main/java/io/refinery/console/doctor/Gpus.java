package io.refinery.console.doctor;

import java.util.List;
import java.util.Optional;

/**
 * The NVIDIA GPUs of this machine.
 *
 * @param absence why there are none, as a sentence, where there are none
 */
record Gpus(List<Gpu> all, Optional<String> absence) {

  Gpus {
    all = List.copyOf(all);
  }

  static Gpus none(String absence) {
    return new Gpus(List.of(), Optional.of(absence));
  }
}
