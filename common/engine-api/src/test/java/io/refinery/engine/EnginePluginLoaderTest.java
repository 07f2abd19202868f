package io.refinery.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginePluginLoaderTest {

  @TempDir private Path temporary;
  private Path home;
  private PluginFolder families;

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createDirectory(temporary.resolve("engines"));
    families = new PluginFolder(home);
  }

  @Test
  void everyBuiltFamilyIsFoundInTheOrderOfItsFolder() throws IOException {
    families.built("second");
    families.built("first");

    assertThat(training()).extracting(Engine::name).containsExactly("first", "second");
    assertThat(EnginePluginLoader.engines(RefiningEngine.class, Optional.of(home))).isEmpty();
  }

  @Test
  void aFamilyMayBeJarsInOneFolder() throws IOException {
    Path classes = temporary.resolve("classes");
    families.compile("packed", classes);
    Path lib = Files.createDirectories(home.resolve("packed/lib"));
    jar(classes, lib.resolve("packed.jar"));

    assertThat(training()).extracting(Engine::name).containsExactly("packed");
  }

  @Test
  void aFamilySeesItsOwnLibrariesAndNobodyElseDoes() throws IOException {
    families.built("alone");
    families.built("beside");

    Class<?> alone = training().get(0).getClass();

    assertThat(alone.getClassLoader()).isNotSameAs(EnginePluginLoader.class.getClassLoader());
    assertThatThrownBy(() -> alone.getClassLoader().loadClass("beside.Compiled"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThatThrownBy(() -> Class.forName("alone.Compiled"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void aFamilyIsLoadedOnceHoweverOftenItIsAskedFor() throws IOException {
    families.built("once");

    assertThat(training().get(0).getClass()).isSameAs(training().get(0).getClass());
  }

  @Test
  void foldersThatAreNotBuiltAndFilesAreNoFamilies() throws IOException {
    Files.createDirectories(home.resolve("unbuilt/src"));
    Files.createDirectories(home.resolve("cleaned/target"));
    Files.writeString(home.resolve("README.md"), "no family");

    assertThat(training()).isEmpty();
  }

  @Test
  void withoutAFolderThereIsTheClassPathAlone() {
    assertThat(EnginePluginLoader.engines(TrainingEngine.class, Optional.empty())).isEmpty();
  }

  @Test
  void aFolderThatCannotBeReadIsNamedWithItsProperty() {
    Path gone = home.resolve("gone");

    assertThatThrownBy(() -> EnginePluginLoader.engines(TrainingEngine.class, Optional.of(gone)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(gone.toString())
        .hasMessageContaining("refinery.engines.home");
  }

  @Test
  void aFamilyOfAnotherBuildIsNamed() throws IOException {
    families.built("old");
    Path services = home.resolve("old/target/classes/META-INF/services");
    Files.writeString(services.resolve(TrainingEngine.class.getName()), "old.Renamed");

    assertThatThrownBy(this::training)
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(home.resolve("old/target").toString())
        .hasMessageContaining("does not fit this build");
  }

  private List<TrainingEngine> training() {
    return EnginePluginLoader.engines(TrainingEngine.class, Optional.of(home));
  }

  private static void jar(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> files = Files.walk(classes)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(each).toString().replace('\\', '/')));
        Files.copy(each, out);
      }
    }
  }
}
