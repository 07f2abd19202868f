package io.refinery.console.dead;

import io.refinery.broker.BrokerConfig;
import io.refinery.broker.DeadLetter;
import io.refinery.broker.KafkaClients;
import io.refinery.console.connection.Connections;
import io.refinery.registry.CurrentUser;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads the topic of dead letters. */
final class DeadLetters {

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int SILENT_POLLS = 10;

  private DeadLetters() {}

  /**
   * Returns the letters that are on the topic now, oldest first. Of a message that was given up
   * more than once, by a worker that died before it could acknowledge it, only the last letter
   * counts.
   *
   * @throws TimeoutException if the broker does not answer
   */
  static Collection<DeadLetter> read(Connections connections) {
    Map<String, DeadLetter> letters = new LinkedHashMap<>();
    Map<String, Object> properties = connections.kafka();
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    BrokerConfig broker = new BrokerConfig(properties, connections.topics(), 1, (short) 1);
    String topic = connections.topics().dead();
    try (Consumer<String, byte[]> consumer =
        new KafkaClients(broker, CurrentUser.current()).fromBeginning(topic)) {
      Map<TopicPartition, Long> end = consumer.endOffsets(consumer.assignment());
      int silent = 0;
      while (end.entrySet().stream()
          .anyMatch(partition -> consumer.position(partition.getKey()) < partition.getValue())) {
        var records = consumer.poll(POLL);
        silent = records.isEmpty() ? silent + 1 : 0;
        if (silent == SILENT_POLLS) {
          throw new TimeoutException("Cannot read the topic " + topic);
        }
        records.forEach(record -> add(new DeadLetter(record), letters));
      }
    }
    return letters.values();
  }

  private static void add(DeadLetter letter, Map<String, DeadLetter> letters) {
    String message = letter.id() + " " + letter.origin();
    letters.remove(message);
    letters.put(message, letter);
  }
}
