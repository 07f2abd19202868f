package io.refinery.console.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.console.doctor.Capability.NotMade;
import io.refinery.console.doctor.Capability.Unusable;
import io.refinery.console.doctor.Capability.Usable;
import io.refinery.json.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DoctorReportTest {

  private static final Machine MACHINE =
      new Machine("AMD EPYC 9B14", 2, 24L << 30, "Linux 6.1", "17.0.12");

  private static final Gpus GPUS =
      new Gpus(List.of(new Gpu(0, "Tesla T4", "7.5", "535.183.01", "15360 MiB")), Optional.empty());

  private static final ExaminationResult TRAINS =
      new ExaminationResult(
          "first",
          "cpu",
          Optional.of(new Usable("First 1.0", 100, Optional.of(81.6))),
          Optional.of(new Usable("First 1.0", 100, Optional.of(1.94))));

  private static final ExaminationResult REFINES =
      new ExaminationResult(
          "second",
          "cpu",
          Optional.of(new Usable("Second 2.0", 200, Optional.empty())),
          Optional.of(new NotMade()));

  private static final ExaminationResult ONLY_ASKED_TO_TRAIN =
      new ExaminationResult(
          "fourth",
          "cpu",
          Optional.empty(),
          Optional.of(new Usable("Fourth 4.0", 50, Optional.of(12.0))));

  private static final ExaminationResult BROKEN =
      new ExaminationResult(
          "third",
          "cpu",
          Optional.of(new Unusable("It needs CUDA 13.")),
          Optional.of(new Unusable("It needs CUDA 13.")));

  @Test
  void theHighestRankIsChosenAndTheOthersAreExplained() {
    DoctorReport report = report(TRAINS, REFINES, BROKEN);

    assertThat(report.choices())
        .containsExactly(
            new EngineChoice(
                EngineUse.REFINE,
                "cpu",
                Optional.of("second"),
                List.of(
                    "third cannot: It needs CUDA 13.", "first also works but is ranked slower.")),
            new EngineChoice(
                EngineUse.TRAIN,
                "cpu",
                Optional.of("first"),
                List.of("third cannot: It needs CUDA 13.")));
  }

  @Test
  void everyDeviceHasItsOwnChoices() {
    ExaminationResult onGpu =
        new ExaminationResult(
            "first",
            "cuda:0",
            Optional.of(new Unusable("No.")),
            Optional.of(new Usable("First 1.0", 100, Optional.empty())));

    assertThat(report(REFINES, onGpu).choices())
        .extracting(choice -> choice.use() + " " + choice.device() + " " + choice.engine())
        .containsExactly(
            "REFINE cpu Optional[second]",
            "TRAIN cpu Optional.empty",
            "REFINE cuda:0 Optional.empty",
            "TRAIN cuda:0 Optional[first]");
  }

  @Test
  void aMachineIsSoundIfSomethingRefinesAndSomethingTrains() {
    assertThat(report(TRAINS).isSound()).isTrue();
    assertThat(report(REFINES, BROKEN).isSound()).isFalse();
    assertThat(report(BROKEN).isSound()).isFalse();
    assertThat(report().isSound()).isFalse();
  }

  @Test
  void theTextContainsTheWholeReport() {
    assertThat(DoctorReportText.of(report(TRAINS, REFINES, BROKEN)))
        .containsExactly(
            "Machine  AMD EPYC 9B14, 2 cores, 24.0 GiB; Linux 6.1; Java 17.0.12",
            "GPU      cuda:0: Tesla T4, compute capability 7.5, 15360 MiB, driver 535.183.01",
            "",
            "first on cpu",
            "  refines with First 1.0: 82 images/s",
            "  trains with First 1.0: 1.9 steps/s",
            "",
            "second on cpu",
            "  refines with Second 2.0",
            "  cannot train: not supported by this engine",
            "",
            "third on cpu",
            "  cannot refine: It needs CUDA 13.",
            "  cannot train: It needs CUDA 13.",
            "",
            "To refine on cpu: second. third cannot: It needs CUDA 13. first also works but is"
                + " ranked slower.",
            "To train on cpu: first. third cannot: It needs CUDA 13.");
  }

  @Test
  void missingGpusAndEnginesAreReported() {
    DoctorReport report =
        DoctorReport.of(MACHINE, Gpus.none("nvidia-smi not found."), List.of(BROKEN));

    assertThat(DoctorReportText.of(report))
        .contains("GPUs     none: nvidia-smi not found.")
        .contains("To train on cpu: no engine. third cannot: It needs CUDA 13.");
  }

  @Test
  void aUseThatWasNotExaminedIsLeftOut() {
    assertThat(DoctorReportText.of(report(ONLY_ASKED_TO_TRAIN)))
        .endsWith(
            "",
            "fourth on cpu",
            "  trains with Fourth 4.0: 12 steps/s",
            "",
            "To train on cpu: fourth.");
  }

  @Test
  void aProblemWithOneGpuIsReportedAlongWithTheOthers() {
    Gpus gpus = new Gpus(GPUS.all(), Optional.of("nvidia-smi reports that one is lost."));
    DoctorReport report = DoctorReport.of(MACHINE, gpus, List.of(BROKEN));

    assertThat(DoctorReportText.of(report))
        .contains("GPUs     nvidia-smi reports that one is lost.")
        .anyMatch(line -> line.startsWith("GPU      cuda:0: Tesla T4"));
  }

  @Test
  void aReportSurvivesAJsonRoundTrip() throws Exception {
    DoctorReport report = report(TRAINS, REFINES, BROKEN, ONLY_ASKED_TO_TRAIN);

    assertThat(Json.mapper().readValue(Json.write(report), DoctorReport.class)).isEqualTo(report);
    assertThat(Json.mapper().readTree(Json.write(report)).at("/choices/0/use").asText())
        .isEqualTo("refine");
    assertThat(
            Json.mapper().readTree(Json.write(report)).at("/examined/2/training/result").asText())
        .isEqualTo("unusable");
  }

  private static DoctorReport report(ExaminationResult... examined) {
    return DoctorReport.of(MACHINE, GPUS, List.of(examined));
  }
}
