package io.refinery.benchmark;

import io.refinery.broker.Broker;
import io.refinery.bundle.BundleFormat;
import io.refinery.embedded.EmbeddedServers;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.message.Job;
import io.refinery.message.TopicSetup;
import io.refinery.registry.LocalModel;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.VersionDraft;
import io.refinery.simulator.EyeSimulator;
import io.refinery.simulator.Look;
import io.refinery.simulator.SimulatorOptions;
import io.refinery.storage.MinioStorage;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageConfig;
import io.refinery.worker.Worker;
import io.refinery.worker.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.admin.Admin;

/**
 * A whole worker against its engine alone, on one machine: images a second from the message that
 * asks to the message that answers, beside those of the engine on batches that lie in memory. The
 * two take turns, so that a change of the machine's speed touches both.
 */
public final class WorkerBenchmark {

  private static final int IMAGES = 2000;
  private static final int ROUNDS = 5;
  private static final String BUCKET = "benchmark";

  /** One turn of both, in images a second. */
  private record Round(double engine, double worker) {
    double share() {
      return worker / engine;
    }
  }

  private WorkerBenchmark() {}

  /** Takes about three minutes on two cores; needs no arguments. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("refinery-benchmark");
    Path program = Path.of(System.getProperty("refinery.embedded.home"));
    try (EmbeddedServers servers = EmbeddedServers.start(program, folder.resolve("servers"));
        ObjectStorage storage =
            new MinioStorage(
                new StorageConfig(
                    servers.s3Endpoint(),
                    StorageConfig.DEFAULT_REGION,
                    servers.accessKey(),
                    servers.secretKey()))) {
      storage.ensureBucket(BUCKET);
      run(Broker.at(servers.bootstrapServers()), storage, folder);
    } finally {
      TemporaryFolders.delete(folder);
    }
  }

  private static void run(Broker broker, ObjectStorage storage, Path folder) throws IOException {
    LocalModel model = Eyes.model(Files.createDirectory(folder.resolve("model")));
    ModelVersion version = publish(model, new ModelRegistry(storage, BUCKET, ModelRegistry.PREFIX));
    SimulatorOptions options = new SimulatorOptions(IMAGES, Look.SYNTHETIC, 1);
    Path bundle = folder.resolve("eyes.h5");
    EyeSimulator.write(bundle, BundleFormat.HDF5, options, done -> {});
    ObjectRef input = new ObjectRef(BUCKET, "bundles/eyes.h5");
    storage.upload(input, bundle);
    try (Admin admin = Admin.create(broker.properties())) {
      new TopicSetup(admin, broker.topics())
          .ensureTopics(broker.jobPartitions(), broker.replication());
    }
    WorkerConfig config = WorkerConfig.of(broker, BUCKET, folder.resolve("work"));
    EngineSelection<RefiningEngine> selection =
        EngineSelection.refining(config.engine(), config.device());
    System.out.println("engine: " + selection.description());
    try (Worker worker = Worker.start(config, storage);
        JobClient client = new JobClient(broker);
        Refiner refiner =
            selection.engine().refiner(model, selection.device(), selection.precision())) {
      List<ImageBatch> batches = batches(options, refiner.batch(model.manifest().shape()));
      DoubleSupplier engine = () -> IMAGES / seconds(() -> batches.forEach(refiner::refine));
      ModelReference reference = new ModelReference.ToVersion(version);
      System.out.println("worker: " + worker.name());
      List<Round> rounds = new ArrayList<>();
      for (int round = 0; round <= ROUNDS; round++) {
        Job job = new Job("round-" + round, input, reference);
        Round measured =
            new Round(engine.getAsDouble(), IMAGES / seconds(() -> client.submit(job)));
        System.out.println((round == 0 ? "warm-up: " : "round " + round + ": ") + measured);
        if (round > 0) {
          rounds.add(measured);
        }
      }
      report(rounds);
    }
  }

  private static ModelVersion publish(LocalModel model, ModelRegistry registry) {
    return registry.publish(
        VersionDraft.like(
            model.manifest(),
            model.version().name(),
            Map.of(
                Manifest.REFINER_WEIGHTS, model.file(Manifest.REFINER_WEIGHTS),
                Manifest.REFINER_ONNX, model.file(Manifest.REFINER_ONNX))));
  }

  private static List<ImageBatch> batches(SimulatorOptions options, int size) {
    List<ImageBatch> batches = new ArrayList<>();
    for (int from = 0; from < options.count(); from += size) {
      batches.add(EyeSimulator.render(options, from, Math.min(options.count(), from + size)));
    }
    return batches;
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static void report(List<Round> rounds) {
    System.out.printf("%nmedian (least to most) of %d rounds of %,d images%n", ROUNDS, IMAGES);
    print("engine alone, images/s", rounds, Round::engine);
    print("whole worker, images/s", rounds, Round::worker);
    print("worker / engine", rounds, Round::share);
  }

  private static void print(String what, List<Round> rounds, ToDoubleFunction<Round> figure) {
    System.out.printf("%-26s %s%n", what, Spread.of(rounds.stream().mapToDouble(figure)));
  }
}
