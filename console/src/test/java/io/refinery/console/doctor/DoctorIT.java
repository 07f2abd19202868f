package io.refinery.console.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.console.doctor.Ability.Unusable;
import io.refinery.console.doctor.Ability.Usable;
import io.refinery.engine.EngineFamilies;
import io.refinery.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command, which tries the engines of this build. */
class DoctorIT {

  private static final String NO_SUCH_DEVICE = "cuda:99";

  private static int code;
  private static Report report;

  @BeforeAll
  static void ask() throws Exception {
    StringWriter out = new StringWriter();
    code =
        new CommandLine(new DoctorCommand())
            .setOut(new PrintWriter(out, true))
            .execute("--json", "--set", "refinery.worker.device=" + NO_SUCH_DEVICE);
    report = Json.mapper().readValue(out.toString(), Report.class);
  }

  @Test
  void everyEngineOfThisBuildDoesWhatItIsMadeForOnTheProcessorAtSomeSpeed() {
    assertThat(EngineFamilies.names()).containsExactly("dl4j", "onnx", "torch");
    assertThat(on("cpu")).extracting(Examined::engine).containsExactly("dl4j", "onnx", "torch");
    assertThat(on("cpu").stream().flatMap(DoctorIT::abilities))
        .hasSize(5)
        .allSatisfy(
            ability ->
                assertThat(ability)
                    .isInstanceOfSatisfying(
                        Usable.class,
                        usable -> assertThat(usable.perSecond().orElseThrow()).isPositive()));
  }

  @Test
  void anEngineIsNotSaidToFailAtWhatItIsNotMadeFor() {
    assertThat(on("cpu").get(1).engine()).isEqualTo("onnx");
    assertThat(on("cpu").get(1).training()).isEmpty();
  }

  @Test
  void aDeviceThatIsSetButNotThereIsSaidToBeMissing() {
    assertThat(on(NO_SUCH_DEVICE).stream().flatMap(DoctorIT::abilities))
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
        .extracting(Choice::engine)
        .containsExactly(Optional.empty(), Optional.empty());
  }

  private static List<Examined> on(String device) {
    return report.examined().stream().filter(one -> one.device().equals(device)).toList();
  }

  private static Stream<Ability> abilities(Examined one) {
    return Stream.of(one.refining(), one.training()).flatMap(Optional::stream);
  }
}
