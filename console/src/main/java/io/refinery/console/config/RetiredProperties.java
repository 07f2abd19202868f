package io.refinery.console.config;

import java.util.Collection;
import java.util.Map;

/** System properties that used to be options of engines, before they became settings. */
final class RetiredProperties {

  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("refinery.dl4j.part", "refinery.engines.dl4j.micro-batch"),
          Map.entry("refinery.onnx.nhwc", "refinery.engines.onnx.channels-last"),
          Map.entry("refinery.onnx.part", "refinery.engines.onnx.micro-batch"),
          Map.entry("refinery.onnx.spinning", "refinery.engines.onnx.spinning"),
          Map.entry("refinery.onnx.tensorrt", "refinery.engines.onnx.tensorrt"),
          Map.entry("refinery.onnx.threads", "refinery.engines.onnx.threads"),
          Map.entry("refinery.torch.channels-last", "refinery.engines.torch.channels-last"),
          Map.entry("refinery.torch.convolution", "refinery.engines.torch.convolution"),
          Map.entry("refinery.torch.cudnn-benchmark", "refinery.engines.torch.cudnn-benchmark"),
          Map.entry(
              "refinery.torch.deterministic", "refinery.engines.torch.training-deterministic"),
          Map.entry("refinery.torch.fused", "refinery.engines.torch.fused-convolutions"),
          Map.entry("refinery.torch.graphs", "refinery.engines.torch.cuda-graphs"),
          Map.entry("refinery.torch.overlap", "refinery.engines.torch.overlap-copies"),
          Map.entry("refinery.torch.part", "refinery.engines.torch.micro-batch"),
          Map.entry("refinery.torch.pinned", "refinery.engines.torch.pinned-memory"),
          Map.entry("refinery.torch.tf32", "refinery.engines.torch.training-tf32"),
          Map.entry("refinery.torch.threads", "refinery.engines.torch.threads"));

  private RetiredProperties() {}

  /**
   * Checks that none of these names is a retired property.
   *
   * @throws ConfigurationException naming the setting that replaces it
   */
  static void requireNone(Collection<String> systemProperties) {
    systemProperties.stream()
        .filter(SETTINGS::containsKey)
        .sorted()
        .findFirst()
        .ifPresent(
            retired -> {
              throw new ConfigurationException(
                  ("The system property %s has no effect any more: remove it and use the setting"
                          + " %s.")
                      .formatted(retired, SETTINGS.get(retired)));
            });
  }

  /** Returns the settings that replace the properties, by the names of the properties. */
  static Map<String, String> settings() {
    return SETTINGS;
  }
}
