package io.refinery.worker;

import static org.awaitility.Awaitility.await;

import io.refinery.broker.BrokerConfig;
import io.refinery.broker.TopicSetup;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Label;
import io.refinery.bundle.Provenance;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.json.Json;
import io.refinery.message.ChannelMoveEvent;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import io.refinery.message.Topics;
import io.refinery.network.DiscriminatorNetwork;
import io.refinery.network.OnnxRefiner;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Safetensors;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import io.refinery.registry.ChannelMover;
import io.refinery.registry.ChannelPointer;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.MoveReason;
import io.refinery.registry.VersionDraft;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.testkit.Stack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The topics, share group and model of one test, with the operations of a client. */
final class WorkerFixture implements AutoCloseable {

  static final ImageShape SHAPE = new ImageShape(1, 7, 9);
  static final RefinerNetwork TINY = new RefinerNetwork(1, 3, 4, 1);
  static final BundleLimits LIMITS = new BundleLimits(1 << 20, 64, 1000, 100);

  /** Seconds are enough if a test has its own core. */
  static final MoveReason MOVE = new MoveReason(MoveReason.Cause.PROMOTION, "a test", "");

  static final Duration PATIENCE = Duration.ofMinutes(4);

  final ObjectStorage storage;
  final ModelRegistry registry;
  final Topics topics;
  final String group;
  final String model;

  private final Stack stack;
  private final Path folder;
  private final String id = UUID.randomUUID().toString().substring(0, 8);
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();

  WorkerFixture(Stack stack, Path folder) {
    this(stack, folder, 1);
  }

  /**
   * @param jobPartitions partitions of the jobs' topic
   */
  WorkerFixture(Stack stack, Path folder, int jobPartitions) {
    this.stack = stack;
    this.folder = folder;
    storage = stack.storage();
    registry = new ModelRegistry(storage, stack.bucket(), ModelRegistry.PREFIX);
    topics = new Topics(stack.name(id) + ".");
    group = stack.name(id) + "-workers";
    model = "eyes-" + id;
    Map<String, Object> properties = broker().properties();
    try (Admin admin = Admin.create(properties)) {
      new TopicSetup(admin, topics).ensureTopics(jobPartitions, (short) 1);
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
  }

  /** One partition of jobs, so that workers share the jobs of one partition. */
  private BrokerConfig broker() {
    return new BrokerConfig(stack.kafkaProperties(), topics, 1, (short) 1);
  }

  /** Short locks and waits, small limits. */
  WorkerConfig config(String name) {
    return new WorkerConfig(
        name,
        broker(),
        new WorkerConfig.Delivery(
            group, Duration.ofSeconds(15), 5, Duration.ofMillis(50), 2, Duration.ZERO),
        WorkerConfig.TimeLimits.DEFAULT,
        stack.bucket(),
        Set.of(stack.bucket()),
        LIMITS,
        OptionalInt.of(8),
        "onnx",
        Device.cpu(),
        Precision.FULL,
        EngineOptions.DEFAULTS,
        new WorkerConfig.Models(Duration.ofSeconds(60), true, 2),
        folder.resolve("work"),
        Optional.empty());
  }

  static WorkerConfig with(WorkerConfig config, WorkerConfig.Delivery delivery) {
    return with(config, delivery, config.timeLimits());
  }

  static WorkerConfig with(WorkerConfig config, WorkerConfig.TimeLimits limits) {
    return with(config, config.delivery(), limits);
  }

  private static WorkerConfig with(
      WorkerConfig config, WorkerConfig.Delivery delivery, WorkerConfig.TimeLimits limits) {
    return new WorkerConfig(
        config.name(),
        config.broker(),
        delivery,
        limits,
        config.bucket(),
        config.allowedBuckets(),
        config.limits(),
        config.batchSize(),
        config.engine(),
        config.device(),
        config.precision(),
        config.engineOptions(),
        config.models(),
        config.workFolder(),
        config.status());
  }

  Worker start(WorkerConfig config) {
    return Worker.start(config, storage);
  }

  Worker start(WorkerConfig config, RefiningEngine engine) {
    return Worker.start(
        config,
        storage,
        new EngineSelection<>(engine, Device.cpu(), Precision.FULL, engine.name()));
  }

  /** A version of this test's model with random weights from {@code seed}. */
  ModelVersion publish(long seed) throws IOException {
    return publish(seed, Preprocessing.NONE);
  }

  ModelVersion publish(long seed, Preprocessing preprocessing) throws IOException {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    TINY.parameters()
        .forEach(
            (tensor, shape) -> {
              float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian() * 0.3f;
              }
              tensors.put(tensor, new Tensor(shape, values));
            });
    Weights weights = new Weights(tensors);
    Path safetensors = folder.resolve(model + seed + ".safetensors");
    Path onnx = folder.resolve(model + seed + ".onnx");
    Safetensors.write(weights, Map.of(), safetensors);
    OnnxRefiner.write(TINY, weights, onnx);
    return registry.publish(
        new VersionDraft(
            model,
            TINY,
            DiscriminatorNetwork.eyes(),
            SHAPE,
            preprocessing,
            Json.mapper().createObjectNode(),
            Map.of(),
            "none",
            Optional.empty(),
            Map.of(Manifest.REFINER_WEIGHTS, safetensors, Manifest.REFINER_ONNX, onnx)));
  }

  /** Publishes a version and points {@code stable} to it. */
  ModelVersion publishStable(long seed) throws IOException {
    ModelVersion version = publish(seed);
    moveStable(version);
    return version;
  }

  /** Points {@code stable} to a version without announcing it. */
  void moveStable(ModelVersion version) {
    new ChannelMover(registry, (moved, channel, pointer) -> {})
        .move(model, "stable", version.number(), MOVE);
  }

  /** Overwrites one file of a version. */
  void spoil(ModelVersion version, String file) {
    String key = "%s/%s/versions/%d/%s";
    storage.put(
        ref(key.formatted(ModelRegistry.PREFIX, version.name(), version.number(), file)),
        "spoilt".getBytes(StandardCharsets.UTF_8));
  }

  /** Announces a channel's version. */
  void announce(ModelVersion version) {
    ChannelPointer pointer = registry.channels(version.name()).get("stable");
    ChannelMoveEvent event = ChannelMoveEvent.of(version.name(), "stable", pointer);
    send(topics.models(), event.key(), event.toJson());
  }

  /** Gray images of rising brightness, with labels that are unique to each row. */
  Path bundle(int count) throws IOException {
    return bundle(SHAPE, PixelType.UINT8, count, pixels(SHAPE, count));
  }

  Path bundle(ImageShape shape, PixelType type, int count, float[] pixels) throws IOException {
    Path file = folder.resolve("bundle-" + UUID.randomUUID() + ".h5");
    float[] look = new float[count * 3];
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      look[3 * i] = (float) Math.sin(i);
      look[3 * i + 1] = Float.intBitsToFloat(0x3f000001 + i);
      look[3 * i + 2] = -i;
      names.add("image-" + i);
    }
    try (BundleWriter writer =
        Bundles.create(
            file,
            BundleFormat.HDF5,
            shape,
            count,
            type,
            List.of(Label.floats("look_vec", 3, look), Label.strings("path", names)),
            new Provenance(Map.of()))) {
      writer.write(new ImageBatch(count, shape, pixels));
      writer.finish();
    }
    return file;
  }

  static float[] pixels(ImageShape shape, int count) {
    float[] pixels = new float[count * shape.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i % 255 / 127.5f - 1;
    }
    return pixels;
  }

  ObjectRef upload(Path file) {
    ObjectRef ref = ref("bundles/" + file.getFileName());
    storage.upload(ref, file);
    return ref;
  }

  ObjectRef ref(String key) {
    return new ObjectRef(stack.bucket(), key);
  }

  /** An id that no other test has. */
  String jobId(String name) {
    return id + "-" + name;
  }

  String submit(String name, ObjectRef input, String model) {
    Job job = new Job(jobId(name), input, ModelReference.parse(model));
    send(topics.jobs(), job.id(), job.toJson());
    return job.id();
  }

  void send(String topic, String key, byte[] value, String... headers) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
    for (int i = 0; i < headers.length; i += 2) {
      record.headers().add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    var unused = producer.send(record);
    producer.flush();
  }

  /** Submits a job to one partition. */
  String submit(String name, ObjectRef input, int partition) {
    Job job = new Job(jobId(name), input, ModelReference.parse(model));
    var unused =
        producer.send(new ProducerRecord<>(topics.jobs(), partition, job.id(), job.toJson()));
    producer.flush();
    return job.id();
  }

  /** Waits for the first result of a job. */
  JobResult result(String jobId) {
    return JobResult.parse(first(topics.results(), jobId).value());
  }

  JobResult.Succeeded success(String jobId) {
    JobResult result = result(jobId);
    if (result instanceof JobResult.Succeeded succeeded) {
      return succeeded;
    }
    throw new AssertionError("Not refined: " + result);
  }

  /** Waits for a part of the worker's metrics; jobs are counted after their result is published. */
  static void awaitMetric(Worker worker, String part) {
    await().atMost(PATIENCE).until(() -> worker.metrics().contains(part));
  }

  /** Waits for the topic's first record with this key. */
  ConsumerRecord<String, byte[]> first(String topic, String key) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .atMost(PATIENCE)
        .until(() -> !seen(topic, key).isEmpty() || !records(topic, key).isEmpty());
    return seen(topic, key).get(0);
  }

  /** Returns the topic's records with this key so far. */
  List<ConsumerRecord<String, byte[]>> records(String topic, String key) {
    look();
    return seen(topic, key);
  }

  /** Reads what is new on the topics. */
  void look() {
    consumer.poll(Duration.ofMillis(100)).forEach(seen::add);
  }

  /** What {@link #look} has found of a key. */
  List<ConsumerRecord<String, byte[]>> seen(String topic, String key) {
    return seen.stream()
        .filter(record -> record.topic().equals(topic) && key.equals(record.key()))
        .toList();
  }

  static String header(Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
    storage.close();
  }
}
