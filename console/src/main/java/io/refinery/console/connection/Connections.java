package io.refinery.console.connection;

import io.refinery.broker.ChannelAnnouncer;
import io.refinery.broker.MessageSender;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.GateFactory;
import io.refinery.console.config.ModelKeysFactory;
import io.refinery.console.config.Settings;
import io.refinery.message.Topics;
import io.refinery.registry.ChannelMover;
import io.refinery.registry.ChannelPointer;
import io.refinery.registry.CurrentUser;
import io.refinery.registry.ModelKeys;
import io.refinery.registry.ModelRegistry;
import io.refinery.storage.CredentialsSource;
import io.refinery.storage.MinioStorage;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageConfig;
import io.refinery.storage.StorageCredentials;
import io.refinery.trainer.PublicationTarget;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Connects to the broker and the object store named in the settings. */
public final class Connections implements AutoCloseable {

  private static final String TIMEOUT_MS = BrokerConnection.TIMEOUT_MS;

  private final Settings settings;
  private final ObjectStorage storage;
  private final ModelKeys keys;

  private Connections(Settings settings, ObjectStorage storage, ModelKeys keys) {
    this.settings = settings;
    this.storage = storage;
    this.keys = keys;
  }

  /**
   * Opens the object store. Kafka clients are created on request, and the caller closes them.
   *
   * @throws ConfigurationException if the settings lack the store's address or keys, or a key that
   *     signs or verifies models cannot be read
   */
  public static Connections open(Settings settings) {
    ModelKeys keys = ModelKeysFactory.of(settings.models());
    return new Connections(settings, storage(settings.storage()), keys);
  }

  private static ObjectStorage storage(Settings.Storage storage) {
    URI endpoint = storage.endpoint().orElseThrow(() -> missing("object store", "--s3 URL"));
    if (storage.credentials() == CredentialsSource.STATIC) {
      require(storage.accessKey(), "access key", "REFINERY_STORAGE_ACCESS_KEY");
      require(storage.secretKey(), "secret key", "REFINERY_STORAGE_SECRET_KEY");
    }
    try {
      return new MinioStorage(
          new StorageConfig(
              endpoint, storage.region(), credentials(storage), storage.certificates()));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage() + ".", e);
    }
  }

  private static StorageCredentials credentials(Settings.Storage storage) {
    return new StorageCredentials(
        storage.credentials(),
        storage
            .accessKey()
            .flatMap(
                access ->
                    storage.secretKey().map(secret -> new StorageCredentials.Keys(access, secret))),
        storage.credentialsFile(),
        storage.stsEndpoint(),
        System.getenv());
  }

  private static void require(Optional<String> key, String what, String variable) {
    if (key.isEmpty()) {
      throw missing(what, variable);
    }
  }

  static ConfigurationException missing(String what, String remedy) {
    return new ConfigurationException(
        "No "
            + what
            + " is configured: start `refinery up` on this machine, or set "
            + remedy
            + ".");
  }

  public Settings settings() {
    return settings;
  }

  public ObjectStorage storage() {
    return storage;
  }

  /** Returns the bucket for models, bundles and results. */
  public String bucket() {
    return settings.storage().bucket();
  }

  public ModelRegistry registry() {
    return new ModelRegistry(storage, bucket(), ModelRegistry.PREFIX, keys);
  }

  /** Returns the keys that sign and verify versions. */
  public ModelKeys modelKeys() {
    return keys;
  }

  /** Returns where trainings publish versions and save checkpoints. */
  public PublicationTarget trainingStore() {
    return new PublicationTarget(
        storage,
        bucket(),
        registry(),
        this::announce,
        GateFactory.of(settings.trainer().gate()),
        CurrentUser.current());
  }

  /** Moves channels and announces the moves. */
  public ChannelMover channelMover() {
    return new ChannelMover(registry(), this::announce);
  }

  private void announce(String model, String channel, ChannelPointer pointer) {
    try (MessageSender sender = sender()) {
      new ChannelAnnouncer(sender, topics()).moved(model, channel, pointer);
    }
  }

  public Topics topics() {
    return new Topics(settings.kafka().topicPrefix());
  }

  /**
   * Returns the properties shared by all Kafka clients.
   *
   * @throws ConfigurationException if the settings name no broker
   */
  public Map<String, Object> kafka() {
    return BrokerConnection.properties(settings.kafka());
  }

  /** Returns an admin client that gives up after 10 seconds without an answer. */
  public Admin admin() {
    Map<String, Object> properties = kafka();
    properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    return Admin.create(properties);
  }

  /** A client that sends messages; it gives up after 10 seconds without an answer. */
  public MessageSender sender() {
    Map<String, Object> properties = kafka();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MS);
    return new MessageSender(
        new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer()),
        CurrentUser.current());
  }

  @Override
  public void close() {
    storage.close();
  }
}
