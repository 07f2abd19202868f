package io.refinery.console.doctor;

import io.refinery.console.cli.ProgressBars;
import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.config.EngineOptionsFactory;
import io.refinery.console.config.Settings;
import io.refinery.engine.Device;
import io.refinery.engine.EnginePluginLoader;
import io.refinery.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code refinery doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    header = "Show what this machine can refine and train with.",
    description = {
      "Tries every engine on the CPU, on every NVIDIA GPU and on the configured devices, each in a"
          + " separate process. Reports what is missing for engines that cannot be used, how fast"
          + " the others are, and which one auto picks. Speeds are for 55x35 eyes, measured for one"
          + " second each: refining in batches of 32, training in mini-batches of 8. Exits with"
          + " code 1 if nothing can refine or nothing can train.",
      ""
    })
public final class DoctorCommand implements Callable<Integer> {

  @Option(names = "--json", description = "Write the report as JSON.")
  private boolean json;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Gpus gpus = NvidiaSmi.ask();
    DoctorReport report = DoctorReport.of(Machine.here(), gpus, examine(gpus, options.settings()));
    print(report);
    return report.isSound() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static List<ExaminationResult> examine(Gpus gpus, Settings settings)
      throws IOException, InterruptedException {
    Collection<String> engines = EnginePluginLoader.names();
    Set<String> devices = devices(gpus, settings);
    EngineExaminer examination = EngineExaminer.withSpeeds(EngineOptionsFactory.of(settings));
    List<ExaminationResult> examined = new ArrayList<>();
    try (ProgressBar progress =
        ProgressBars.bar("Trying engines", (long) devices.size() * engines.size(), " trials")) {
      for (String device : devices) {
        for (String engine : engines) {
          progress.setExtraMessage(" " + engine + " on " + device);
          examined.add(examination.examine(engine, device, EnumSet.allOf(EngineUse.class)));
          progress.step();
        }
      }
    }
    return examined;
  }

  private static Set<String> devices(Gpus gpus, Settings settings) {
    Set<String> devices = new LinkedHashSet<>();
    devices.add(Device.cpu().toString());
    gpus.all().forEach(gpu -> devices.add(gpu.device().toString()));
    devices.add(settings.worker().device().toString());
    devices.add(settings.trainer().device().toString());
    return devices;
  }

  private void print(DoctorReport report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(report));
    } else {
      DoctorReportText.of(report).forEach(out::println);
    }
    out.flush();
  }
}
