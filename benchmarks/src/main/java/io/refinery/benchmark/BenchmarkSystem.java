package io.refinery.benchmark;

import com.fasterxml.jackson.databind.node.NullNode;
import io.refinery.broker.BrokerConfig;
import io.refinery.broker.TopicSetup;
import io.refinery.bundle.BundleFormat;
import io.refinery.embedded.EmbeddedServers;
import io.refinery.image.Preprocessing;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.RefinerFiles;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.VersionDraft;
import io.refinery.simulator.EyeSimulator;
import io.refinery.simulator.SimulatorOptions;
import io.refinery.storage.MinioStorage;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/** The embedded broker and store, with the topics and the bucket of a benchmark. */
final class BenchmarkSystem implements AutoCloseable {

  static final String BUCKET = "benchmark";

  /** The addresses and keys of broker and store, for another process. */
  record Addresses(String broker, URI store, String accessKey, String secretKey) {

    BrokerConfig config() {
      return BrokerConfig.at(broker);
    }

    /** Opens the store; the caller closes it. */
    ObjectStorage storage() {
      return new MinioStorage(
          new StorageConfig(store, StorageConfig.DEFAULT_REGION, accessKey, secretKey));
    }
  }

  private final Path folder;
  private final EmbeddedServers servers;
  private final ObjectStorage storage;

  /** Starts both in a temporary folder, which is deleted at the end. */
  BenchmarkSystem() throws IOException {
    folder = Files.createTempDirectory("refinery-benchmark");
    Path program = Path.of(System.getProperty("refinery.embedded.home"));
    servers = EmbeddedServers.start(program, folder.resolve("servers"));
    storage = addresses().storage();
    storage.ensureBucket(BUCKET);
    BrokerConfig broker = addresses().config();
    try (Admin admin = Admin.create(broker.properties())) {
      new TopicSetup(admin, broker.topics())
          .ensureTopics(broker.jobPartitions(), broker.replication());
    }
  }

  Addresses addresses() {
    return new Addresses(
        servers.bootstrapServers(), servers.s3Endpoint(), servers.accessKey(), servers.secretKey());
  }

  ObjectStorage storage() {
    return storage;
  }

  /** Returns a new folder, which is deleted at the end. */
  Path folder(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  /** Uploads a bundle of simulated eyes. */
  ObjectRef upload(SimulatorOptions eyes) throws IOException {
    Path bundle = folder.resolve("eyes-" + eyes.count() + ".h5");
    EyeSimulator.write(bundle, BundleFormat.HDF5, eyes, done -> {});
    ObjectRef input = new ObjectRef(BUCKET, "bundles/" + bundle.getFileName());
    storage.upload(input, bundle);
    return input;
  }

  ModelVersion publish(RefinerFiles model) {
    Map<String, Path> files = new HashMap<>();
    model.paths().forEach((form, path) -> files.put(form.fileName(), path));
    return new ModelRegistry(storage, BUCKET, ModelRegistry.PREFIX)
        .publish(
            new VersionDraft(
                model.version(),
                model.network(),
                DiscriminatorNetwork.eyes(),
                model.shape(),
                Preprocessing.NONE,
                NullNode.getInstance(),
                Map.of(),
                "none",
                Optional.empty(),
                files));
  }

  @Override
  public void close() throws IOException {
    storage.close();
    servers.close();
    TemporaryFolders.delete(folder);
  }
}
