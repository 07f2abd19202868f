package io.refinery.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.refinery.storage.MinioStorage;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageConfig;
import io.refinery.testkit.ConcurrentTest;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tests the servers themselves, on their own data folders rather than on a {@code Stack}. */
class EmbeddedServersIT {

  private static final Path HOME = Path.of(System.getProperty("refinery.embedded.home"));
  private static final ObjectRef REF = new ObjectRef("bucket", "kept/Häuser #1, 50% + x & y.h5");
  private static final String TOPIC = "kept";

  /** Characters that URIs, properties files, class paths and lists of folders give a meaning. */
  private static final String FOLDER = "Häuser № 1, 50% + x & y;z=ä b";

  @TempDir private Path folder;

  private Path data;

  @BeforeEach
  void chooseData() {
    data = folder.resolve(FOLDER);
  }

  private EmbeddedServers start() {
    return EmbeddedServers.start(HOME, data);
  }

  private static ObjectStorage storage(EmbeddedServers servers) {
    return new MinioStorage(
        new StorageConfig(
            servers.s3Endpoint(),
            StorageConfig.DEFAULT_REGION,
            servers.accessKey(),
            servers.secretKey()));
  }

  private static void store(EmbeddedServers servers, int replicas) throws Exception {
    Map<String, Object> kafka = Map.of("bootstrap.servers", servers.bootstrapServers());
    try (Admin admin = Admin.create(kafka);
        KafkaProducer<String, String> producer =
            new KafkaProducer<>(kafka, new StringSerializer(), new StringSerializer());
        ObjectStorage storage = storage(servers)) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) replicas))).all().get();
      producer.send(new ProducerRecord<>(TOPIC, "a record")).get();
      storage.ensureBucket(REF.bucket());
      storage.put(REF, "an object".getBytes(UTF_8));
    }
  }

  private static void assertKept(EmbeddedServers servers) {
    TopicPartition partition = new TopicPartition(TOPIC, 0);
    try (KafkaConsumer<String, String> consumer =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer());
        ObjectStorage storage = storage(servers)) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> consumer.poll(Duration.ofMillis(200)).count() == 1);
      assertThat(storage.read(REF, 100).text()).isEqualTo("an object");
    }
  }

  @ConcurrentTest
  void dataPortsAndKeysSurviveARestart() throws Exception {
    Endpoints before;
    try (EmbeddedServers servers = start()) {
      before = servers.endpoints();
      store(servers, 1);
    }
    try (EmbeddedServers servers = start()) {
      assertThat(servers.endpoints()).isEqualTo(before);
      assertKept(servers);
    }
  }

  @ConcurrentTest
  void dataSurvivesAKill() throws Exception {
    try (EmbeddedServers servers = start()) {
      store(servers, 1);
      ProcessHandle child = ProcessHandle.of(servers.pid()).orElseThrow();
      child.destroyForcibly();
      servers.onExit().get(1, TimeUnit.MINUTES);
    }
    assertThat(EmbeddedServers.running(data)).isEmpty();
    try (EmbeddedServers servers = start()) {
      assertKept(servers);
    }
  }

  @ConcurrentTest
  void theyStopWhenTheirParentIsKilled() throws IOException {
    String classPath = location(KilledParent.class) + File.pathSeparator + HOME.resolve("classes");
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                KilledParent.class.getName(),
                HOME.toString(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long child;
    try (BufferedReader said = parent.inputReader(UTF_8)) {
      child = Long.parseLong(said.readLine());
    }

    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
    assertThat(EmbeddedServers.running(data)).isEmpty();
  }

  private static String location(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  @ConcurrentTest
  void threeNodesKeepThreeCopies() throws Exception {
    ServerOptions options = new ServerOptions(3, 0, 0);
    try (EmbeddedServers servers = EmbeddedServers.start(HOME, data, options)) {
      assertThat(servers.bootstrapServers().split(",", -1)).hasSize(3);
      store(servers, 3);
      assertKept(servers);
    }
    assertThatExceptionOfType(EmbeddedServersException.class)
        .isThrownBy(this::start)
        .withMessageContainingAll("created for 3 Kafka nodes, not 1");
  }

  @ConcurrentTest
  void aFolderCanBeOpenedOnceAndOthersFindItsServers() {
    try (EmbeddedServers servers = start()) {
      assertThatExceptionOfType(EmbeddedServersException.class)
          .isThrownBy(this::start)
          .withMessageContainingAll("open in another process", data.toString());
      assertThat(EmbeddedServers.running(data)).contains(servers.endpoints());
    }
    assertThat(EmbeddedServers.running(data)).isEmpty();
  }

  @ConcurrentTest
  void aRequestedPortInUseIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ServerOptions options = new ServerOptions(1, 0, taken.getLocalPort());
      assertThatExceptionOfType(EmbeddedServersException.class)
          .isThrownBy(() -> EmbeddedServers.start(HOME, data, options))
          .withMessageContaining("Port " + taken.getLocalPort() + " (s3.port) is in use");
    }
  }

  @ConcurrentTest
  void aHomeWithoutServersIsNamedWithTheCommandThatBuildsThem() {
    assertThatExceptionOfType(EmbeddedServersException.class)
        .isThrownBy(() -> EmbeddedServers.start(folder, data))
        .withMessageContainingAll(folder.toString(), "mvn");
  }

  @ConcurrentTest
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no owner-only mode")
  void onlyTheOwnerCanReadKeys() throws IOException {
    try (EmbeddedServers servers = start()) {
      assertThat(servers.secretKey()).hasSize(40);
      for (String file : List.of("secret", "endpoints.properties")) {
        assertThat(Files.getPosixFilePermissions(data.resolve(file)))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
    }
  }
}
