package io.refinery.trainer.service;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.broker.BrokerConfig;
import io.refinery.broker.ShareGroup;
import io.refinery.broker.TopicSetup;
import io.refinery.bundle.BundleException;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.json.Json;
import io.refinery.message.Topics;
import io.refinery.message.TrainingControl;
import io.refinery.message.TrainingRequest;
import io.refinery.message.TrainingSource;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.registry.ModelRegistry;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.testkit.Stack;
import io.refinery.trainer.PublicationTarget;
import io.refinery.trainer.Squares;
import io.refinery.trainer.Squares.Look;
import io.refinery.trainer.Trainer;
import io.refinery.trainer.TrainingResult;
import io.refinery.trainer.TrainingSpec;
import io.refinery.trainer.algorithm.ControlSignal;
import io.refinery.trainer.checkpoint.CheckpointMetadata;
import io.refinery.trainer.checkpoint.Checkpoints;
import io.refinery.trainer.feed.DataSource;
import io.refinery.trainer.gate.GateSettings;
import io.refinery.trainer.plan.Preset;
import io.refinery.trainer.plan.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The topics, share group and model of one test, with the operations of a client. */
final class TrainerFixture implements AutoCloseable {

  /** Seconds are enough if a test has its own core. */
  static final Duration PATIENCE = Duration.ofMinutes(4);

  final ObjectStorage storage;
  final ModelRegistry registry;
  final TrainingStateStore states;
  final Topics topics;
  final String group;
  final String model;

  private final Stack stack;
  private final Path folder;
  private final String id = "t" + UUID.randomUUID().toString().substring(0, 8);
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();

  TrainerFixture(Stack stack, Path folder) throws IOException {
    this.stack = stack;
    this.folder = folder;
    storage = stack.storage();
    registry = new ModelRegistry(storage, stack.bucket(), ModelRegistry.PREFIX);
    states = new TrainingStateStore(storage, stack.bucket());
    topics = new Topics(stack.name(id) + ".");
    group = stack.name(id) + "-trainers";
    model = "squares-" + id;
    Map<String, Object> properties = broker().properties();
    try (Admin admin = Admin.create(properties)) {
      new TopicSetup(admin, topics).ensureTopics(1, (short) 1);
    }
    producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        List.of(topics.results(), topics.events(), topics.dead()).stream()
            .map(topic -> new TopicPartition(topic, 0))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    storage.upload(ref("synthetic/one.h5"), Squares.bundle(folder, Look.DARK, 60, 1));
    storage.upload(ref("real.h5"), Squares.bundle(folder, Look.BRIGHT, 60, 2));
  }

  BrokerConfig broker() {
    return new BrokerConfig(stack.kafkaProperties(), topics, 1, (short) 1);
  }

  TrainerConfig config(String name) {
    return new TrainerConfig(
        name,
        broker(),
        new ShareGroup(group, Duration.ofSeconds(15), 5),
        Duration.ofMillis(50),
        stack.bucket(),
        Set.of(stack.bucket()),
        "dl4j",
        Device.cpu(),
        EngineOptions.DEFAULTS,
        GateSettings.OFF,
        folder.resolve("work"),
        Optional.empty());
  }

  TrainerService start(String name) {
    return TrainerService.start(config(name), storage);
  }

  ObjectRef ref(String key) {
    return new ObjectRef(stack.bucket(), id + "/" + key);
  }

  /** An id that no other test has. */
  String trainingId(String name) {
    return id + "-" + name;
  }

  /** A request for tiny networks with a checkpoint after every {@code interval} steps. */
  TrainingRequest order(String name, int steps, int interval) {
    Map<String, String> plan = new TreeMap<>();
    JsonNode squares =
        Json.mapper().valueToTree(Squares.plan(new Schedule(4, 3, 2, steps, 2, 1, 8)));
    squares.properties().forEach(field -> plan.put(field.getKey(), field.getValue().toString()));
    plan.put("checkpointInterval", Integer.toString(interval));
    return new TrainingRequest(
        trainingId(name),
        model,
        List.of(ref("synthetic/")),
        List.of(ref("real.h5")),
        Optional.of("quick"),
        plan,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** Runs a requested training on this thread, as {@code refinery train --id} does. */
  TrainingResult trainHere(TrainingRequest order, Map<String, String> parameters)
      throws BundleException, IOException {
    PublicationTarget target =
        new PublicationTarget(
            storage,
            stack.bucket(),
            registry,
            (model, channel, pointer) -> {},
            GateSettings.OFF,
            "test");
    TrainingSpec spec =
        new TrainingSpec(
                order.model(),
                Preset.QUICK.plan().with(order.plan()).with(parameters),
                new DataSource(addresses(order.synthetic())),
                new DataSource(addresses(order.real())),
                folder.resolve("version"))
            .as(order.id());
    return new Trainer(Optional.of(target), folder.resolve("cache"), EngineOptions.DEFAULTS)
        .train(spec, event -> {}, () -> ControlSignal.CONTINUE);
  }

  private static List<String> addresses(TrainingSource source) {
    return source.bundles().stream().map(ObjectRef::toString).toList();
  }

  /** Stores a checkpoint of a training that {@code engine} started. */
  void begin(TrainingRequest order, String engine) throws IOException {
    Path file = folder.resolve("checkpoint.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("progress.json"));
      zip.write(
          Json.write(
              CheckpointMetadata.start(
                  order.model(), Preset.QUICK.plan(), List.of(), engine, Optional.empty())));
    }
    new Checkpoints(storage, stack.bucket(), order.id()).save(file, 1);
  }

  String submit(TrainingRequest order) {
    send(topics.trainings(), order.id(), order.toJson());
    return order.id();
  }

  void control(String training, TrainingControl.Action action) {
    send(topics.trainingControl(), training, new TrainingControl(training, action).toJson());
  }

  void send(String topic, String key, byte[] value) {
    var unused = producer.send(new ProducerRecord<>(topic, key, value));
    producer.flush();
  }

  /** Returns the status updates of a training so far. */
  List<TrainingUpdate> notices(String training) {
    return records(topics.events(), training).stream()
        .map(record -> TrainingUpdate.parse(record.value()))
        .toList();
  }

  /** Waits for the first status update with this state and returns it. */
  TrainingUpdate awaitTold(String training, State state) {
    return awaitTold(training, state, 1);
  }

  /** Waits until {@code times} status updates had this state. */
  TrainingUpdate awaitTold(String training, State state, int times) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .atMost(PATIENCE)
        .until(() -> told(training, state).size() >= times);
    return told(training, state).get(times - 1);
  }

  List<TrainingUpdate> told(String training, State state) {
    return notices(training).stream().filter(notice -> notice.state() == state).toList();
  }

  /** Returns the topic's records with this key so far. */
  List<ConsumerRecord<String, byte[]>> records(String topic, String key) {
    consumer.poll(Duration.ofMillis(100)).forEach(seen::add);
    return seen.stream()
        .filter(record -> record.topic().equals(topic) && key.equals(record.key()))
        .toList();
  }

  /** Returns the number of a training's checkpoints in the store. */
  int checkpoints(String training) {
    return storage.list(stack.bucket(), "trainings/" + training + "/checkpoints/").size();
  }

  /** Returns trainings' files that were left on this machine. */
  List<Path> leftovers() throws IOException {
    try (var files = Files.list(folder.resolve("work").resolve(TrainingWork.FOLDER))) {
      return files.filter(Files::isDirectory).toList();
    }
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
    storage.close();
  }
}
