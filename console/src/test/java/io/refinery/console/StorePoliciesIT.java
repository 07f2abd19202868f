package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minio.credentials.AssumeRoleProvider;
import io.minio.credentials.Credentials;
import io.refinery.console.Commands.Answer;
import io.refinery.console.config.Configuration;
import io.refinery.console.connection.Connections;
import io.refinery.console.models.ShippedModel;
import io.refinery.console.train.TrainerFactory;
import io.refinery.console.work.WorkerFactory;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageConfig;
import io.refinery.storage.StorageException;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import io.refinery.trainer.service.TrainerService;
import io.refinery.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The policies of deploy/security/s3 on a store that enforces them: MinIO, which gives temporary
 * keys with a policy. The embedded store has one account that may do everything.
 */
@StackTest
class StorePoliciesIT {

  private static final int HOUR_SECONDS = 3600;
  private static final String SHIPPED = "models/eyes/versions/1/manifest.json";

  @TempDir Path folder;
  private final Stack stack;

  StorePoliciesIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void requireMinio() {
    Assumptions.assumeTrue(stack.isMinio(), "The store has no policies");
  }

  @Test
  void everyRoleWorksWithItsPolicyAndIsRefusedWhatIsNotItsOwn() throws Exception {
    Commands root = new Commands(stack, folder.resolve("home"));
    try (Connections connections = root.connect()) {
      ShippedModel.publishWhereMissing(connections.registry(), connections.channelMover());
    }
    try (Connections worker = connections("worker");
        Connections trainer = connections("trainer");
        TrainerService training = TrainerFactory.start(trainer);
        Worker refining = WorkerFactory.start(worker)) {
      assertThat(training.name()).isNotEqualTo(refining.name());
      Path eyes = Commands.simulate(folder.resolve("eyes.h5"), 12);
      Path refined = folder.resolve("refined.h5");

      Answer submitted =
          commands("submitter")
              .refinery("submit", eyes.toString(), "--id", "job-1", "--output", refined.toString());
      assertThat(submitted.code()).as(submitted.err()).isZero();
      assertThat(refined).isNotEmptyFile();

      Answer trained = root.submitShortTraining("training-1", eyes, "--wait");
      assertThat(trained.code()).as(trained.err()).isZero();
      assertThat(trained.out()).containsPattern("eyes@\\d+ is published");

      Answer swept =
          commands("worker").refinery("clean", "--set", "refinery.cleaning.age=PT0.001S");
      assertThat(swept.code()).as(swept.err()).isZero();

      Answer read = commands("reader").refinery("status", "job-1");
      assertThat(read.code()).as(read.err()).isZero();
    }
    assertLimits();
  }

  private void assertLimits() throws Exception {
    String result = "results/job-1.json";
    assertMayNot("submitter", store -> store.put(ref(result), new byte[1]));
    assertMayNot("submitter", store -> store.delete(ref("bundles/any.h5")));
    assertMayNot("submitter", store -> store.read(ref(SHIPPED), 1 << 20));
    assertMayNot("worker", store -> store.put(ref(SHIPPED), new byte[1]));
    assertMayNot("worker", store -> store.put(ref("bundles/any.h5"), new byte[1]));
    assertMayNot("worker", store -> store.delete(ref(result)));
    assertMayNot("worker", store -> store.read(ref("trainings/training-1/request.json"), 1 << 20));
    assertMayNot("trainer", store -> store.put(ref(result), new byte[1]));
    assertMayNot("trainer", store -> store.read(ref(result), 1 << 20));
    assertMayNot("reader", store -> store.put(ref("bundles/any.h5"), new byte[1]));
    assertMayNot("reader", store -> store.read(ref(SHIPPED), 1 << 20));
    for (String role : new String[] {"submitter", "worker", "trainer", "reader"}) {
      assertMayNot(role, store -> store.ensureBucket(stack.bucket() + "-other"));
    }
  }

  private interface Use {
    void of(ObjectStorage store);
  }

  private void assertMayNot(String role, Use use) throws Exception {
    try (Connections connections = connections(role)) {
      assertThatExceptionOfType(StorageException.class)
          .as(role)
          .isThrownBy(() -> use.of(connections.storage()))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.DENIED));
    }
  }

  private ObjectRef ref(String key) {
    return new ObjectRef(stack.bucket(), key);
  }

  private Connections connections(String role) throws Exception {
    return Connections.open(
        Configuration.load(Map.of(), Optional.empty(), Map.of(), commands(role).settings())
            .settings());
  }

  /** Returns commands with temporary keys of a role. */
  private Commands commands(String role) throws Exception {
    Credentials keys =
        new AssumeRoleProvider(
                stack.s3Endpoint().toString(),
                stack.accessKey(),
                stack.secretKey(),
                HOUR_SECONDS,
                policy(role),
                StorageConfig.DEFAULT_REGION,
                null,
                null,
                null,
                new OkHttpClient())
            .fetch();
    Path file = folder.resolve(role + ".properties");
    Files.writeString(
        file,
        "access-key=%s%nsecret-key=%s%nsession-token=%s%n"
            .formatted(keys.accessKey(), keys.secretKey(), keys.sessionToken()));
    Map<String, String> settings = new HashMap<>();
    settings.put("refinery.storage.credentials", "file");
    settings.put("refinery.storage.credentials-file", file.toString());
    return new Commands(stack, folder.resolve("home-" + role), settings);
  }

  /** Returns the policy of deploy/security, for this test's bucket. */
  private String policy(String role) throws IOException {
    Path file =
        Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
            .map(parent -> parent.resolve("deploy/security/s3/" + role + ".json"))
            .filter(Files::exists)
            .findFirst()
            .orElseThrow();
    return Files.readString(file)
        .replace("arn:aws:s3:::refinery", "arn:aws:s3:::" + stack.bucket())
        .replaceAll("\\s+", "");
  }
}
