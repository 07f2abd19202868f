package io.refinery;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.core.importer.Locations;
import com.tngtech.archunit.lang.ArchRule;
import io.refinery.engine.EngineFamilies;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports point one way. */
class ArchitectureTest {

  private static final String[] COMMON =
      List.of(
              "broker",
              "bundle",
              "engine",
              "image",
              "json",
              "message",
              "network",
              "registry",
              "status",
              "storage")
          .stream()
          .map(capability -> "io.refinery." + capability)
          .toArray(String[]::new);

  private static final String[] PARTS = {
    "io.refinery.engine.dl4j..",
    "io.refinery.engine.onnx..",
    "io.refinery.engine.torch..",
    "io.refinery.simulator..",
    "io.refinery.embedded..",
    "io.refinery.trainer..",
    "io.refinery.worker..",
    "io.refinery.console.."
  };

  private static JavaClasses classes;

  @BeforeAll
  static void importAll() {
    Set<Location> locations = new HashSet<>(Locations.ofPackage("io.refinery"));
    // Engines are on nobody's class path.
    engines().forEach(classes -> locations.add(Location.of(classes)));
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importLocations(locations);
  }

  @Test
  void theVocabularyKnowsNoPart() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(COMMON)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PARTS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trainer",
        "worker",
        "simulator",
        "engine.dl4j",
        "engine.onnx",
        "engine.torch",
        "embedded"
      })
  void aPartKnowsTheVocabularyAndNoOtherPart(String part) {
    String own = "io.refinery." + part + "..";
    String[] others =
        List.of(PARTS).stream().filter(other -> !other.equals(own)).toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(own)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(others));
  }

  @Test
  void trainingKnowsNothingOfTheServiceThatAsksForIt() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.refinery.trainer..")
            .and()
            .resideOutsideOfPackage("io.refinery.trainer.service..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.refinery.trainer.service.."));
  }

  @Test
  void theConsoleKnowsEnginesOnlyThroughTheirInterface() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.refinery.console..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.refinery.engine.*.."));
  }

  @Test
  void packagesOfTheVocabularyHaveNoCycles() {
    check(slices().matching("io.refinery.(*)").should().beFreeOfCycles());
  }

  @Test
  void packagesOfTheConsoleHaveNoCycles() {
    check(slices().matching("io.refinery.console.(*)..").should().beFreeOfCycles());
  }

  private static List<Path> engines() {
    Path home = Path.of(System.getProperty(EngineFamilies.HOME_PROPERTY));
    return Stream.of("dl4j", "onnx", "torch")
        .map(engine -> home.resolve(engine).resolve("target/classes"))
        .toList();
  }

  private static void check(ArchRule rule) {
    rule.check(classes);
  }
}
