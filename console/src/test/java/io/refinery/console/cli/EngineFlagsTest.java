package io.refinery.console.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.console.config.Settings;
import io.refinery.engine.Device;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class EngineFlagsTest {

  @Command
  private static final class Computing {
    @Mixin private EngineFlags engine;
    @Mixin private SettingsOptions options;
  }

  @Test
  void anEngineThatRefinesAndTrainsIsSetForWorkerAndTrainer() {
    Settings settings = ofBoth("--engine", "dl4j", "--device", "cuda:1");

    assertThat(settings.worker().engine()).isEqualTo("dl4j");
    assertThat(settings.trainer().engine()).isEqualTo("dl4j");
    assertThat(settings.worker().device()).isEqualTo(new Device.Cuda(1));
    assertThat(settings.trainer().device()).isEqualTo(new Device.Cuda(1));
  }

  @Test
  void anEngineThatOnlyRefinesDoesNotChangeTheTrainersEngine() {
    Settings settings = ofBoth("--engine", "onnx", "--device", "cuda:1");

    assertThat(settings.worker().engine()).isEqualTo("onnx");
    assertThat(settings.trainer().engine()).isEqualTo("auto");
    assertThat(settings.trainer().device()).isEqualTo(new Device.Cuda(1));
    assertThat(ofBoth("--engine", "onnx", "--set", "refinery.trainer.engine=dl4j").trainer())
        .extracting(Settings.Trainer::engine)
        .isEqualTo("dl4j");
  }

  @Test
  void autoOverridesASetting() {
    assertThat(parse("--engine", "AUTO").engine.ofBoth())
        .containsEntry("refinery.worker.engine", "AUTO")
        .containsEntry("refinery.trainer.engine", "AUTO");
  }

  @Test
  void setOverridesTheEngineFlag() {
    Settings settings = ofBoth("--engine", "dl4j", "--set", "refinery.worker.engine=onnx");

    assertThat(settings.worker().engine()).isEqualTo("onnx");
    assertThat(settings.trainer().engine()).isEqualTo("dl4j");
  }

  @Test
  void anEngineThatCannotTrainIsPassedToTheTrainerWhichRefusesIt() {
    assertThat(parse("--engine", "onnx").engine.ofTrainer())
        .containsExactly(Map.entry("refinery.trainer.engine", "onnx"));
  }

  @Test
  void withoutTheOptionsNothingIsSet() {
    assertThat(parse().engine.ofBoth()).isEmpty();
    assertThat(parse().engine.given()).isFalse();
    assertThat(parse("--device", "cpu").engine.given()).isTrue();
  }

  private static Settings ofBoth(String... arguments) {
    Computing computing = parse(arguments);
    return computing.options.settings(computing.engine.ofBoth());
  }

  private static Computing parse(String... arguments) {
    Computing computing = new Computing();
    new CommandLine(computing).parseArgs(arguments);
    return computing;
  }
}
