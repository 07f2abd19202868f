package io.refinery.console.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.console.Refinery;
import io.refinery.console.doctor.Capability.NotMade;
import io.refinery.console.doctor.Capability.Unusable;
import io.refinery.console.doctor.Capability.Usable;
import io.refinery.engine.EnginePluginLoader;
import io.refinery.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code refinery doctor} with the engines of this build. */
class DoctorIT {

  private static final String NO_SUCH_DEVICE = "cuda:99";

  @TempDir private static Path home;

  private static int code;
  private static DoctorReport report;

  @BeforeAll
  static void ask() throws Exception {
    StringWriter out = new StringWriter();
    code =
        new CommandLine(new DoctorCommand())
            .setOut(new PrintWriter(out, true))
            .execute("--json", "--set", "refinery.worker.device=" + NO_SUCH_DEVICE);
    report = Json.mapper().readValue(out.toString(), DoctorReport.class);
  }

  @Test
  void everyEngineIsMeasuredOnTheCpuForEveryUseItSupports() {
    assertThat(EnginePluginLoader.names()).containsExactly("dl4j", "onnx", "torch");
    assertThat(on("cpu"))
        .extracting(ExaminationResult::engine)
        .containsExactly("dl4j", "onnx", "torch");
    assertThat(on("cpu").stream().flatMap(DoctorIT::abilities))
        .filteredOn(ability -> !(ability instanceof NotMade))
        .hasSize(5)
        .allSatisfy(
            ability ->
                assertThat(ability)
                    .isInstanceOfSatisfying(
                        Usable.class,
                        usable -> assertThat(usable.perSecond().orElseThrow()).isPositive()));
  }

  @Test
  void anUnsupportedUseIsNotReportedAsAFailure() {
    assertThat(on("cpu").get(1).engine()).isEqualTo("onnx");
    assertThat(on("cpu").get(1).training()).contains(new NotMade());
  }

  @Test
  void aConfiguredDeviceThatDoesNotExistIsReportedAsMissing() {
    assertThat(on(NO_SUCH_DEVICE).stream().flatMap(DoctorIT::abilities))
        .filteredOn(ability -> !(ability instanceof NotMade))
        .hasSize(5)
        .allSatisfy(
            ability ->
                assertThat(ability)
                    .isInstanceOfSatisfying(
                        Unusable.class,
                        unusable -> assertThat(unusable.missing()).contains(NO_SUCH_DEVICE)));
  }

  @Test
  void aMachineThatRefinesAndTrainsIsSound() {
    assertThat(code).isZero();
    assertThat(report.choices())
        .filteredOn(choice -> choice.device().equals("cpu"))
        .extracting(choice -> choice.engine().isPresent())
        .containsExactly(true, true);
    assertThat(report.choices())
        .filteredOn(choice -> choice.device().equals(NO_SUCH_DEVICE))
        .extracting(EngineChoice::engine)
        .containsExactly(Optional.empty(), Optional.empty());
  }

  @Test
  void aWorkerLogsTheSameReportAboutRefiningAtStartup() throws Exception {
    List<String> doctor =
        DoctorReportText.of(DoctorReport.of(report.machine(), report.gpus(), on("cpu")));

    assertThat(toTheLog("worker")).containsExactlyElementsOf(shapes(aboutRefining(doctor)));
  }

  private static Stream<String> aboutRefining(List<String> lines) {
    return lines.stream().filter(line -> !line.contains("train"));
  }

  /** Replaces measured speeds, so that lines can be compared. */
  private static List<String> shapes(Stream<String> lines) {
    return lines.map(line -> line.replaceAll("[\\d.]+ (images|steps)/s", "# $1/s")).toList();
  }

  /**
   * Starts {@code service} from the command line and returns its log up to the choice of engine.
   */
  private static List<String> toTheLog(String service) throws IOException {
    Process process = new ProcessBuilder(command(service)).start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader log = process.errorReader()) {
      String line = log.readLine();
      while (line != null && !line.startsWith("To ")) {
        lines.add(line);
        line = log.readLine();
      }
      lines.add(String.valueOf(line));
    } finally {
      process.destroyForcibly();
    }
    return shapes(lines.stream().dropWhile(line -> !line.startsWith("Machine")));
  }

  /** Returns a command whose broker and store cannot be reached. */
  private static List<String> command(String service) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Drefinery.engines.home=" + System.getProperty("refinery.engines.home"),
        "-cp",
        System.getProperty("java.class.path"),
        Refinery.class.getName(),
        service,
        "--kafka=127.0.0.1:1",
        "--s3=http://127.0.0.1:1",
        "--set=refinery.storage.access-key=unused",
        "--set=refinery.storage.secret-key=unused",
        "--set=refinery.home=" + home);
  }

  private static List<ExaminationResult> on(String device) {
    return report.examined().stream().filter(one -> one.device().equals(device)).toList();
  }

  private static Stream<Capability> abilities(ExaminationResult one) {
    return Stream.of(one.refining(), one.training()).flatMap(Optional::stream);
  }
}
