package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.refinery.broker.Backlog;
import io.refinery.broker.BacklogReader;
import io.refinery.broker.BrokerException;
import io.refinery.broker.TopicSetup;
import io.refinery.console.Commands.Answer;
import io.refinery.console.config.Configuration;
import io.refinery.console.config.Settings;
import io.refinery.console.connection.BrokerConnection;
import io.refinery.console.connection.Connections;
import io.refinery.console.models.ShippedModel;
import io.refinery.console.train.TrainerFactory;
import io.refinery.console.work.WorkerFactory;
import io.refinery.embedded.EmbeddedServers;
import io.refinery.message.JobPriority;
import io.refinery.message.Topics;
import io.refinery.testkit.Stack;
import io.refinery.trainer.service.TrainerService;
import io.refinery.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ACLs of deploy/security on a broker that authenticates its clients and refuses whatever no
 * ACL allows.
 */
class LeastPrivilegeIT {

  private static final Path HOME = Path.of(System.getProperty("refinery.embedded.home"));
  private static final String ADMIN = SaslBroker.ADMIN;
  private static final List<String> ROLES =
      List.of("submitter", "worker", "trainer", "reader", "exporter");
  private static final Topics TOPICS = Topics.DEFAULT;
  private static final String UNDELIVERED = "dlq." + TOPICS.jobs();
  private static final String UNDELIVERED_GROUP = "refinery-workers-undelivered";

  @TempDir private Path folder;

  @Test
  void everyRoleWorksWithItsAclsAndIsRefusedWhatIsNotItsOwn() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(data.resolve("kafka.properties"), SaslBroker.settings(ROLES));
    try (EmbeddedServers servers = EmbeddedServers.start(HOME, data)) {
      prepare(servers);
      try (Connections worker = connections(servers, "worker");
          Connections trainer = connections(servers, "trainer");
          TrainerService training = TrainerFactory.start(trainer);
          Worker refining = WorkerFactory.start(worker)) {
        assertThat(training.name()).isNotEqualTo(refining.name());
        Path eyes = Commands.simulate(folder.resolve("eyes.h5"), 12);

        Answer submitted =
            commands(servers, "submitter").refinery("submit", eyes.toString(), "--wait");
        assertThat(submitted.code()).as(submitted.err()).isZero();

        Answer trained = commands(servers, ADMIN).submitShortTraining("training-1", eyes, "--wait");
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.out()).containsPattern("eyes@\\d+ is published");
        assertListensForUndelivered(servers);
      }
      assertReads(servers, "reader", TOPICS.results());
      assertExports(servers);
      assertLimits(servers);
    }
  }

  private static void assertListensForUndelivered(EmbeddedServers servers) {
    try (Admin admin = Admin.create(client(servers, ADMIN))) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                var group = admin.describeConsumerGroups(List.of(UNDELIVERED_GROUP)).all().get();
                return group.get(UNDELIVERED_GROUP).members().stream()
                    .anyMatch(member -> !member.assignment().topicPartitions().isEmpty());
              });
    }
  }

  private static void assertLimits(EmbeddedServers servers) throws Exception {
    assertMayNotWrite(servers, "submitter", TOPICS.results());
    assertMayNotWrite(servers, "submitter", TOPICS.trainings());
    assertMayNotRead(servers, "submitter", TOPICS.jobs());
    assertMayNotWrite(servers, "worker", TOPICS.trainings());
    assertMayNotWrite(servers, "worker", TOPICS.models());
    assertMayNotWrite(servers, "worker", UNDELIVERED);
    assertMayNotRead(servers, "worker", TOPICS.results());
    assertMayNotWrite(servers, "trainer", TOPICS.results());
    assertMayNotWrite(servers, "trainer", TOPICS.jobs());
    assertMayNotRead(servers, "trainer", TOPICS.jobs());
    assertMayNotWrite(servers, "reader", TOPICS.jobs());
    assertMayNotRead(servers, "reader", TOPICS.dead());
    assertMayNotWrite(servers, "exporter", TOPICS.jobs());
    assertMayNotRead(servers, "exporter", TOPICS.results());
    assertMayNotRead(servers, "exporter", TOPICS.dead());
    for (String role : ROLES) {
      try (Admin admin = Admin.create(client(servers, role))) {
        assertThatThrownBy(() -> admin.deleteTopics(List.of(TOPICS.results())).all().get())
            .as(role)
            .hasCauseInstanceOf(AuthorizationException.class);
        assertThatThrownBy(() -> admin.createAcls(acls()).all().get())
            .as(role)
            .hasCauseInstanceOf(AuthorizationException.class);
      }
    }
  }

  /** No worker runs; the job that waits has an age only for those who may read it. */
  private void assertExports(EmbeddedServers servers) {
    Path eyes = Commands.simulate(folder.resolve("waiting.h5"), 12);
    Answer sent = commands(servers, "submitter").refinery("submit", eyes.toString());
    assertThat(sent.code()).as(sent.err()).isZero();
    try (BacklogReader exporter =
        BrokerConnection.backlog(settings(servers, "exporter"), "exporter")) {
      Backlog jobs = exporter.jobs("refinery-workers").get(JobPriority.NORMAL);
      assertThat(jobs.records()).isEqualTo(1);
      assertThat(jobs.oldest()).isPresent();
      assertThat(exporter.jobs("refinery-workers").get(JobPriority.HIGH).records()).isZero();
      assertThat(exporter.trainings("refinery-trainers").records()).isZero();
      assertThat(exporter.deadLetters()).isZero();
    }
    try (BacklogReader submitter =
        BrokerConnection.backlog(settings(servers, "submitter"), "submitter")) {
      assertThatThrownBy(() -> submitter.jobs("refinery-workers"))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("refinery-workers");
    }
  }

  private static Map<String, String> login(String user) {
    return SaslBroker.login(user, SaslBroker.password(user));
  }

  private static Map<String, Object> client(EmbeddedServers servers, String user) {
    Map<String, Object> properties = new HashMap<>(login(user));
    properties.put("bootstrap.servers", servers.bootstrapServers());
    return properties;
  }

  /** What an administrator does before anybody else connects. */
  private void prepare(EmbeddedServers servers) throws Exception {
    try (Admin admin = Admin.create(client(servers, ADMIN));
        Connections connections = connections(servers, ADMIN)) {
      new TopicSetup(admin, TOPICS).ensureTopics(1, (short) 1);
      NewTopic undelivered =
          new NewTopic(UNDELIVERED, 1, (short) 1)
              .configs(Map.of("errors.deadletterqueue.group.enable", "true"));
      admin.createTopics(List.of(undelivered)).all().get();
      admin.createAcls(acls()).all().get();
      connections.storage().ensureBucket(connections.bucket());
      ShippedModel.publishWhereMissing(connections.registry(), connections.channelMover());
    }
  }

  private Connections connections(EmbeddedServers servers, String user) {
    return Connections.open(settings(servers, user));
  }

  private Settings settings(EmbeddedServers servers, String user) {
    return Configuration.load(
            Map.of(), Optional.empty(), Map.of(), commands(servers, user).settings())
        .settings();
  }

  private Commands commands(EmbeddedServers servers, String user) {
    Stack stack =
        new Stack(
            servers.bootstrapServers(),
            servers.s3Endpoint(),
            servers.accessKey(),
            servers.secretKey(),
            "refinery");
    Map<String, String> settings = new HashMap<>();
    login(user).forEach((name, value) -> settings.put("refinery.kafka.properties." + name, value));
    settings.put("refinery.kafka.topic-prefix", TOPICS.prefix());
    settings.put("refinery.worker.group", "refinery-workers");
    settings.put("refinery.trainer.group", "refinery-trainers");
    return new Commands(stack, folder.resolve("home-" + user), settings);
  }

  /** The grants of the script, as the broker's tool would make them. */
  private static List<AclBinding> acls() throws IOException {
    List<AclBinding> acls = new ArrayList<>();
    for (String line : Files.readAllLines(script())) {
      if (line.startsWith("acl --")) {
        acls.add(acl(Arrays.asList(line.split(" +", -1))));
      }
    }
    assertThat(acls).hasSizeGreaterThan(20);
    return acls;
  }

  private static AclBinding acl(List<String> words) {
    Map<String, String> options = new HashMap<>();
    for (int at = 1; at < words.size(); at += 2) {
      options.put(words.get(at), words.get(at + 1));
    }
    boolean isTopic = options.containsKey("--topic");
    PatternType pattern =
        options.containsKey("--resource-pattern-type") ? PatternType.PREFIXED : PatternType.LITERAL;
    AclOperation operation =
        Arrays.stream(AclOperation.values())
            .filter(one -> one.name().replace("_", "").equalsIgnoreCase(options.get("--operation")))
            .findFirst()
            .orElseThrow();
    return new AclBinding(
        new ResourcePattern(
            isTopic ? ResourceType.TOPIC : ResourceType.GROUP,
            options.get(isTopic ? "--topic" : "--group"),
            pattern),
        new AccessControlEntry(
            options.get("--allow-principal"), "*", operation, AclPermissionType.ALLOW));
  }

  private static Path script() {
    return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
        .map(parent -> parent.resolve("deploy/security/kafka-acls.sh"))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }

  private static void assertMayNotWrite(EmbeddedServers servers, String role, String topic) {
    Map<String, Object> properties = client(servers, role);
    properties.put("max.block.ms", "10000");
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
      assertThatThrownBy(() -> producer.send(new ProducerRecord<>(topic, new byte[1])).get())
          .as(role + " writes " + topic)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(AuthorizationException.class);
    }
  }

  private static void assertMayNotRead(EmbeddedServers servers, String role, String topic) {
    try (KafkaConsumer<String, byte[]> consumer = consumer(servers, role, topic)) {
      assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(10)))
          .as(role + " reads " + topic)
          .isInstanceOf(AuthorizationException.class);
    }
  }

  private static void assertReads(EmbeddedServers servers, String role, String topic) {
    try (KafkaConsumer<String, byte[]> consumer = consumer(servers, role, topic)) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> consumer.poll(Duration.ofSeconds(1)).count() > 0);
    }
  }

  private static KafkaConsumer<String, byte[]> consumer(
      EmbeddedServers servers, String role, String topic) {
    KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            client(servers, role), new StringDeserializer(), new ByteArrayDeserializer());
    TopicPartition partition = new TopicPartition(topic, 0);
    consumer.assign(List.of(partition));
    consumer.seek(partition, 0);
    return consumer;
  }
}
