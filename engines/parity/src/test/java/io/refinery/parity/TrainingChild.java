package io.refinery.parity;

import io.refinery.engine.TrainingEngine;
import io.refinery.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;

/** The program that writes one engine's results for every training case. */
public final class TrainingChild {

  private TrainingChild() {}

  /** Takes the engine's name and the shared folder. */
  public static void main(String[] arguments) throws Exception {
    String name = arguments[0];
    AnswerFiles files = new AnswerFiles(Path.of(arguments[1]));
    TrainingEngine engine = Engines.named(TrainingEngine.class, name);
    GoldenVectors vectors = GoldenVectors.read();
    for (String each : vectors.cases()) {
      GoldenAnswer answer = GoldenAnswer.compute(engine, vectors, vectors.named(each));
      Files.write(files.golden(name, each), Json.write(answer));
    }
    for (PairCase each : PairCase.all()) {
      Files.write(files.pair(name, each), Json.write(each.compute(engine)));
    }
    TrainedVersion.train(name, files.trained(name));
    System.exit(0); // An engine's threads must not keep the process alive.
  }
}
