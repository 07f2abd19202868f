package io.refinery.console.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.refinery.engine.EngineOptions;
import io.refinery.engine.EnginePluginLoader;
import io.refinery.engine.RefiningEngine;
import io.refinery.engine.TrainingEngine;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineOptionsFactoryTest {

  private static final Map<String, String> SET =
      Map.ofEntries(
          Map.entry("refinery.engines.onnx.threads", "3"),
          Map.entry("refinery.engines.onnx.spinning", "true"),
          Map.entry("refinery.engines.onnx.micro-batch", "5"),
          Map.entry("refinery.engines.onnx.tensorrt", "false"),
          Map.entry("refinery.engines.onnx.channels-last", "true"),
          Map.entry("refinery.engines.torch.threads", "7"),
          Map.entry("refinery.engines.torch.micro-batch", "9"),
          Map.entry("refinery.engines.torch.convolution", "plain"),
          Map.entry("refinery.engines.torch.channels-last", "false"),
          Map.entry("refinery.engines.torch.cudnn-benchmark", "false"),
          Map.entry("refinery.engines.torch.pinned-memory", "false"),
          Map.entry("refinery.engines.torch.overlap-copies", "false"),
          Map.entry("refinery.engines.torch.cuda-graphs", "true"),
          Map.entry("refinery.engines.torch.fused-convolutions", "true"),
          Map.entry("refinery.engines.torch.training-tf32", "true"),
          Map.entry("refinery.engines.torch.training-deterministic", "false"),
          Map.entry("refinery.engines.dl4j.micro-batch", "11"));

  @Test
  void everyEnginesSettingBecomesAnOption() {
    assertThat(options(SET).values()).isEqualTo(SET);
  }

  @Test
  void noSettingOfAnEngineIsLeftOut() {
    Map<String, String> settings = new HashMap<>(SettingNames.MAPPING.getProperties());
    settings
        .keySet()
        .removeIf(name -> !name.startsWith("refinery.engines.") || name.endsWith(".examine"));
    assertThat(options(Map.of()).values()).isEqualTo(settings);
  }

  @Test
  void theEnginesTakeEveryOption() {
    for (EngineOptions options : new EngineOptions[] {options(SET), options(Map.of())}) {
      assertThatCode(
              () -> {
                EnginePluginLoader.engines(RefiningEngine.class, options);
                EnginePluginLoader.engines(TrainingEngine.class, options);
              })
          .doesNotThrowAnyException();
    }
  }

  private static EngineOptions options(Map<String, String> flags) {
    return EngineOptionsFactory.of(
        Configuration.load(Map.of(), Optional.empty(), Map.of(), flags).settings());
  }
}
