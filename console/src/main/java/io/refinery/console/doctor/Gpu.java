package io.refinery.console.doctor;

import io.refinery.engine.Device;

/**
 * An NVIDIA GPU, as its driver describes it.
 *
 * @param index N of {@code cuda:N}
 * @param computeCapability such as {@code 8.6}
 * @param memory with its unit, such as {@code 24576 MiB}; {@code [N/A]} if it shares the machine's
 *     memory
 */
record Gpu(int index, String name, String computeCapability, String driver, String memory) {

  Device device() {
    return new Device.Cuda(index);
  }
}
