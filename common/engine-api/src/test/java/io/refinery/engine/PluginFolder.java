package io.refinery.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** A folder of engine families, each compiled here so that it is on nobody's class path. */
final class PluginFolder {

  private static final String ENGINE =
      """
      package %1$s;

      import io.refinery.engine.*;
      import java.util.Map;

      public final class Compiled implements TrainingEngine {
        public String name() {
          return "%1$s";
        }

        public int speed(Device device) {
          return 1;
        }

        public Map<String, String> natives() {
          return Map.of("bridge", "%1$s");
        }

        public Availability availability(Device device) {
          return new Availability.Available("compiled");
        }

        public AdversarialPair pair(PairSpec spec, Device device) {
          throw new AssertionError("This engine is found and named, never used");
        }

        public Estimator estimator(EstimatorSpec spec, Device device) {
          throw new AssertionError("This engine is found and named, never used");
        }
      }
      """;

  private final Path folder;

  PluginFolder(Path folder) {
    this.folder = folder;
  }

  /** A family as a build leaves it. */
  void built(String name) throws IOException {
    Files.createDirectories(folder.resolve(name).resolve("target/lib"));
    compile(name, folder.resolve(name).resolve("target/classes"));
  }

  /** Writes the classes of an engine that can train, and names it as one. */
  void compile(String name, Path classes) throws IOException {
    Path sources = Files.createDirectories(folder.resolveSibling("sources").resolve(name));
    Path source = sources.resolve("Compiled.java");
    Files.writeString(source, ENGINE.formatted(name));
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve(TrainingEngine.class.getName()), name + ".Compiled");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int code =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            source.toString());
    if (code != 0) {
      throw new IllegalStateException("The engine " + name + " does not compile");
    }
  }
}
