package io.refinery.console;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.LifeCycle;
import io.refinery.broker.MessageSender;
import io.refinery.broker.TopicSetup;
import io.refinery.console.config.Configuration;
import io.refinery.console.connection.Connections;
import io.refinery.console.models.ShippedModel;
import io.refinery.console.train.TrainerFactory;
import io.refinery.console.work.WorkerFactory;
import io.refinery.embedded.EmbeddedServers;
import io.refinery.message.Topics;
import io.refinery.registry.SigningKey;
import io.refinery.storage.StoredObject;
import io.refinery.testkit.Stack;
import io.refinery.trainer.service.TrainerService;
import io.refinery.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Looks for secrets wherever a worker, a trainer and commands write something. */
class SecretsIT {

  private static final Path HOME = Path.of(System.getProperty("refinery.embedded.home"));
  private static final Topics TOPICS = Topics.DEFAULT;
  private static final String WRONG_PASSWORD = "wrong-password-9f8e7d";
  private static final String WRONG_SECRET = "wrong-secret-6c5b4a";

  @TempDir private Path folder;

  private final SigningKey key = SigningKey.generate();
  private final Map<String, String> written = new HashMap<>();

  @Test
  void noSecretIsLoggedPublishedPrintedOrLeftInAFile() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(data.resolve("kafka.properties"), SaslBroker.settings(List.of()));
    try (EmbeddedServers servers = EmbeddedServers.start(HOME, data);
        Log log = Log.open()) {
      Commands commands = commands(servers, servers.secretKey(), password());
      try (Connections connections = connections(commands)) {
        prepare(connections);
        provoke(servers, commands, connections);
        collect(connections);
      }
      written.put("the log", log.text());
      assertThat(log.text()).contains("DEBUG", "NO_SUCH_OBJECT");
      List<String> secrets =
          List.of(servers.secretKey(), password(), WRONG_PASSWORD, WRONG_SECRET, privatePart());
      written.forEach(
          (place, text) ->
              secrets.forEach(
                  secret ->
                      assertThat(text.contains(secret)).as(secret + " in " + place).isFalse()));
    }
  }

  private static String password() {
    return SaslBroker.password(SaslBroker.ADMIN);
  }

  /** The middle line of the PEM. */
  private String privatePart() {
    return key.privatePem().split("\n", -1)[1];
  }

  private void prepare(Connections connections) throws Exception {
    try (Admin admin = connections.admin()) {
      new TopicSetup(admin, TOPICS).ensureTopics(1, (short) 1);
    }
    connections.storage().ensureBucket(connections.bucket());
    ShippedModel.publishWhereMissing(connections.registry(), connections.channelMover());
  }

  private void provoke(EmbeddedServers servers, Commands commands, Connections connections) {
    Path eyes = Commands.simulate(folder.resolve("eyes.h5"), 12);
    try (Worker worker = WorkerFactory.start(connections);
        TrainerService trainer = TrainerFactory.start(connections)) {
      run(commands, "submit", eyes.toString(), "--wait");
      run(commands, "submit", "s3://refinery/none.h5", "--wait");
      run(commands, "submit", "s3://elsewhere/none.h5", "--wait");
      try (MessageSender sender = connections.sender()) {
        sender.send(TOPICS.jobs(), "broken", "{\"id\":".getBytes(UTF_8));
      }
      written.put(
          "a training",
          commands
              .submitShortTraining("training-1", eyes, "--wait", "--plan", "feed.heldOut=99")
              .toString());
      written.put("the worker's page", worker.health() + worker.metrics());
      written.put("the trainer's page", trainer.health() + trainer.metrics());
    }
    run(commands, "config");
    run(commands, "status");
    run(commands, "models");
    run(commands(servers, WRONG_SECRET, password()), "models");
    run(commands(servers, servers.secretKey(), WRONG_PASSWORD), "status");
  }

  private void run(Commands commands, String... command) {
    written.merge(String.join(" ", command), commands.refinery(command).toString(), String::concat);
  }

  private void collect(Connections connections) throws IOException {
    for (String topic : List.of(TOPICS.results(), TOPICS.events(), TOPICS.dead())) {
      written.put(topic, records(connections, topic));
    }
    for (String prefix : List.of("results/", "trainings/")) {
      for (StoredObject object : connections.storage().list(connections.bucket(), prefix)) {
        written.put(
            object.ref().toString(),
            new String(connections.storage().read(object.ref(), 1 << 28).bytes(), ISO_8859_1));
      }
    }
    try (Stream<Path> files = Files.walk(folder.resolve("home"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        written.put(file.toString(), new String(Files.readAllBytes(file), ISO_8859_1));
      }
    }
    assertThat(written.get(TOPICS.dead())).contains("STORAGE_NOT_ALLOWED");
  }

  private static String records(Connections connections, String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    StringBuilder text = new StringBuilder();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            connections.kafka(), new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, byte[]> read : consumer.poll(Duration.ofSeconds(1))) {
          text.append(read.key());
          text.append(read.value() == null ? "" : new String(read.value(), UTF_8));
          read.headers().forEach(header -> text.append(new String(header.value(), UTF_8)));
        }
      }
    }
    return text.toString();
  }

  private Connections connections(Commands commands) {
    return Connections.open(
        Configuration.load(Map.of(), Optional.empty(), Map.of(), commands.settings()).settings());
  }

  private Commands commands(EmbeddedServers servers, String secretKey, String password) {
    Stack stack =
        new Stack(
            servers.bootstrapServers(),
            servers.s3Endpoint(),
            servers.accessKey(),
            secretKey,
            "refinery");
    Map<String, String> settings = new HashMap<>();
    SaslBroker.login(SaslBroker.ADMIN, password)
        .forEach((name, value) -> settings.put("refinery.kafka.properties." + name, value));
    settings.put("refinery.kafka.topic-prefix", TOPICS.prefix());
    settings.put("refinery.models.signing-key", key.privatePem());
    return new Commands(stack, folder.resolve("home"), settings);
  }

  /** Everything that is logged in this process, from DEBUG on. */
  private static final class Log extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Map<Logger, Level> levels = new HashMap<>();

    static Log open() {
      Log log = new Log();
      for (Logger logger : log.root.getLoggerContext().getLoggerList()) {
        if (logger.getLevel() != null) {
          log.levels.put(logger, logger.getLevel());
          logger.setLevel(Level.DEBUG);
        }
      }
      log.root.iteratorForAppenders().forEachRemaining(LifeCycle::stop);
      log.setContext(log.root.getLoggerContext());
      log.begin();
      return log;
    }

    private void begin() {
      start();
      root.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
      String trouble =
          event.getThrowableProxy() == null
              ? ""
              : ThrowableProxyUtil.asString(event.getThrowableProxy());
      lines.add(event.getLevel() + " " + event.getFormattedMessage() + trouble);
    }

    String text() {
      synchronized (lines) {
        return String.join("\n", lines);
      }
    }

    @Override
    public void close() {
      root.detachAppender(this);
      levels.forEach(Logger::setLevel);
      root.iteratorForAppenders().forEachRemaining(LifeCycle::start);
    }
  }
}
