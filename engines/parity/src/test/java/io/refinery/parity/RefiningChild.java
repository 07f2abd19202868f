package io.refinery.parity;

import io.refinery.engine.RefiningEngine;
import io.refinery.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;

/** The program that writes the images that one engine refines in every case. */
public final class RefiningChild {

  private RefiningChild() {}

  /** Takes the engine's name and the shared folder. */
  public static void main(String[] arguments) throws Exception {
    String name = arguments[0];
    AnswerFiles files = new AnswerFiles(Path.of(arguments[1]));
    RefiningEngine engine = Engines.named(RefiningEngine.class, name);
    for (RefinerCase each : RefinerCase.DRAWN) {
      float[] refined = each.refine(engine, RandomModels.model(each.network(), files.drawn(each)));
      Files.write(files.refined(name, each.name()), Json.write(refined));
    }
    for (String trainer : Engines.training()) {
      RefinerCase trained = TrainedVersion.CASE;
      float[] refined =
          trained.refine(engine, RandomModels.model(trained.network(), files.trained(trainer)));
      Files.write(files.refined(name, trainer), Json.write(refined));
    }
    System.exit(0); // An engine's threads must not keep the process alive.
  }
}
