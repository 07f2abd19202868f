package io.refinery.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@StackTest
class StackIT {

  private final Stack stack;

  StackIT(Stack stack) {
    this.stack = stack;
  }

  @Test
  void aRecordIsReceivedFromAShareGroup() throws ExecutionException, InterruptedException {
    String topic = stack.name("jobs");
    String group = stack.name("workers");
    createTopic(topic, group);
    Map<String, Object> servers = Map.of("bootstrap.servers", stack.bootstrapServers());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(servers, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, "key", "value")).get();
    }

    Map<String, Object> settings = new HashMap<>(servers);
    settings.put("group.id", group);
    try (KafkaShareConsumer<String, String> consumer =
        new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      ConsumerRecord<String, String> taken =
          Awaitility.await()
              .atMost(Duration.ofMinutes(1))
              .until(() -> takeOne(consumer), Optional::isPresent)
              .orElseThrow();
      assertThat(taken.value()).isEqualTo("value");
    }
  }

  private void createTopic(String topic, String group)
      throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, group),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("share.auto.offset.reset", "earliest"),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private static Optional<ConsumerRecord<String, String>> takeOne(
      KafkaShareConsumer<String, String> consumer) {
    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
      return Optional.of(record);
    }
    return Optional.empty();
  }

  @Test
  void anObjectIsReadBackAsStored() {
    ObjectRef ref = new ObjectRef(stack.bucket(), "a/b.txt");
    try (ObjectStorage storage = stack.storage()) {
      storage.put(ref, "hello".getBytes(StandardCharsets.UTF_8));

      assertThat(storage.read(ref, 100).text()).isEqualTo("hello");
    }
  }

  @Test
  void allTestsOfAClassShareTheSameNames(Stack another) {
    assertThat(another).isEqualTo(stack);
  }
}
