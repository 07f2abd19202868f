package io.refinery;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.core.importer.Locations;
import com.tngtech.archunit.lang.ArchRule;
import io.refinery.engine.EnginePluginLoader;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dependencies between modules and packages point one way. */
class ArchitectureTest {

  /**
   * A module of {@code common}.
   *
   * @param packages packages of the module
   * @param maySee packages of other modules it may use
   */
  private record Wall(String module, List<String> packages, List<String> maySee) {
    @Override
    public String toString() {
      return module;
    }
  }

  private static final List<String> ENGINE_API =
      List.of("image", "network", "engine", "concurrent");

  private static final List<String> STORE = List.of("storage", "registry", "json");

  private static final List<Wall> WALLS =
      List.of(
          new Wall("engine-api", ENGINE_API, List.of()),
          new Wall(
              "bundle",
              List.of("bundle", "bundle.array", "bundle.pack", "bundle.table"),
              List.of("image")),
          new Wall("store", STORE, List.of("network", "image")),
          new Wall(
              "messaging", List.of("broker", "delivery", "message", "status", "telemetry"), STORE));

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
    // Engines are not on the class path of any module.
    engines().forEach(classes -> locations.add(Location.of(classes)));
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importLocations(locations);
  }

  static List<Wall> walls() {
    return WALLS;
  }

  @ParameterizedTest
  @MethodSource("walls")
  void aModuleOfCommonSeesOnlyWhatItsWallAllows(Wall wall) {
    String[] allowed =
        Stream.concat(wall.packages().stream(), wall.maySee().stream())
            .map(ArchitectureTest::named)
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAnyPackage(names(wall.packages()))
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.refinery..").and(not(resideInAnyPackage(allowed)))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dl4j", "onnx", "torch"})
  void anEngineSeesOnlyTheEngineApi(String engine) {
    String own = named("engine." + engine) + "..";
    check(
        noClasses()
            .that()
            .resideInAPackage(own)
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.refinery..")
                    .and(not(resideInAPackage(own)))
                    .and(not(resideInAnyPackage(names(ENGINE_API))))));
  }

  @Test
  void everyPackageOfCommonIsBehindAWall() {
    Set<String> walled = new HashSet<>();
    WALLS.forEach(wall -> walled.addAll(List.of(names(wall.packages()))));
    Set<String> others = new HashSet<>();
    classes.forEach(type -> others.add(type.getPackageName()));
    others.removeAll(walled);
    others.removeIf(name -> isIn(PARTS, name) || name.startsWith(named("testkit")));
    assertThat(others).isEmpty();
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
  void aPartUsesCommonModulesAndNoOtherPart(String part) {
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
  void trainingDoesNotDependOnTheTrainerService() {
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
  void theConsoleUsesEnginesOnlyThroughTheirInterface() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.refinery.console..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.refinery.engine.*.."));
  }

  @Test
  void topLevelPackagesHaveNoCycles() {
    check(slices().matching("io.refinery.(*)").should().beFreeOfCycles());
  }

  @Test
  void packagesOfTheConsoleHaveNoCycles() {
    check(slices().matching("io.refinery.console.(*)..").should().beFreeOfCycles());
  }

  private static String named(String capability) {
    return "io.refinery." + capability;
  }

  private static String[] names(List<String> capabilities) {
    return capabilities.stream().map(ArchitectureTest::named).toArray(String[]::new);
  }

  private static boolean isIn(String[] patterns, String name) {
    return Stream.of(patterns).anyMatch(pattern -> PackageMatcher.of(pattern).matches(name));
  }

  private static List<Path> engines() {
    Path home = Path.of(System.getProperty(EnginePluginLoader.HOME_PROPERTY));
    return Stream.of("dl4j", "onnx", "torch")
        .map(engine -> home.resolve(engine).resolve("target/classes"))
        .toList();
  }

  private static void check(ArchRule rule) {
    rule.check(classes);
  }
}
