package io.refinery.testkit;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.testcontainers.containers.MinIOContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** Kafka and MinIO in containers, started by Testcontainers. */
final class ContainerServers implements Servers {

  private static final String KAFKA_IMAGE = "apache/kafka:4.4.0";
  private static final String MINIO_IMAGE = "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z";

  /** Testcontainers' own minute is too short for a broker on a busy machine. */
  private static final Duration START = Duration.ofMinutes(4);

  private final KafkaContainer kafka;
  private final MinIOContainer minio;

  private ContainerServers(KafkaContainer kafka, MinIOContainer minio) {
    this.kafka = kafka;
    this.minio = minio;
  }

  // Closed by close(), or by Testcontainers when the JVM exits.
  @SuppressWarnings("resource")
  static ContainerServers start() {
    KafkaContainer kafka =
        new KafkaContainer(image("stack.kafka.image", KAFKA_IMAGE, "apache/kafka"))
            .withStartupTimeout(START)
            .withEnv(
                Map.of(
                    "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1",
                    "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1",
                    "KAFKA_GROUP_SHARE_MIN_HEARTBEAT_INTERVAL_MS", "500",
                    "KAFKA_GROUP_SHARE_HEARTBEAT_INTERVAL_MS", "500",
                    "KAFKA_GROUP_SHARE_MIN_RECORD_LOCK_DURATION_MS", "1000",
                    "KAFKA_GROUP_SHARE_MAX_RECORD_LOCK_DURATION_MS", "3600000",
                    "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false"));
    MinIOContainer minio =
        new MinIOContainer(image("stack.minio.image", MINIO_IMAGE, "minio/minio"))
            .withStartupTimeout(START);
    kafka.start();
    minio.start();
    return new ContainerServers(kafka, minio);
  }

  private static DockerImageName image(String property, String usual, String standsFor) {
    return DockerImageName.parse(System.getProperty(property, usual))
        .asCompatibleSubstituteFor(standsFor);
  }

  @Override
  public String bootstrapServers() {
    return kafka.getBootstrapServers();
  }

  @Override
  public URI s3Endpoint() {
    return URI.create(minio.getS3URL());
  }

  @Override
  public String accessKey() {
    return minio.getUserName();
  }

  @Override
  public String secretKey() {
    return minio.getPassword();
  }

  @Override
  public void close() {
    minio.stop();
    kafka.stop();
  }
}
