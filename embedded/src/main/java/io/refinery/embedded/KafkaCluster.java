package io.refinery.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/** The Kafka nodes of this JVM. */
final class KafkaCluster implements AutoCloseable {

  private final List<KafkaRaftServer> nodes;

  private KafkaCluster(List<KafkaRaftServer> nodes) {
    this.nodes = nodes;
  }

  /**
   * Formats new nodes, starts all nodes, and returns when they are ready.
   *
   * @param overrides of the settings of every node
   */
  static KafkaCluster start(KafkaSettings settings, Properties overrides, String clusterId)
      throws IOException {
    List<KafkaRaftServer> nodes = new ArrayList<>();
    for (int node = 0; node < settings.nodes(); node++) {
      nodes.add(node(settings, node, overrides, clusterId));
    }
    // In parallel, because a node's startup waits for the quorum.
    onEach(nodes, KafkaRaftServer::startup);
    return new KafkaCluster(nodes);
  }

  /**
   * Starts one node of a cluster whose other nodes run in other JVMs, and returns when it is ready,
   * which needs a majority of them.
   *
   * @param index from 0
   */
  static KafkaCluster startOne(KafkaSettings settings, int index, String clusterId)
      throws IOException {
    List<KafkaRaftServer> nodes = List.of(node(settings, index, new Properties(), clusterId));
    onEach(nodes, KafkaRaftServer::startup);
    return new KafkaCluster(nodes);
  }

  private static KafkaRaftServer node(
      KafkaSettings settings, int index, Properties overrides, String clusterId)
      throws IOException {
    Properties properties = settings.ofNode(index);
    properties.putAll(overrides);
    format(settings.folder().resolve("node" + (index + 1) + ".properties"), properties, clusterId);
    return new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
  }

  @Override
  public void close() throws IOException {
    onEach(
        nodes,
        node -> {
          node.shutdown();
          node.awaitShutdown();
        });
  }

  private static void format(Path file, Properties properties, String clusterId)
      throws IOException {
    Files.createDirectories(file.getParent());
    Files.deleteIfExists(file);
    DataFolder.createPrivate(file);
    // A stream, not a writer: Kafka reads the file as Latin-1, and only a stream escapes the rest.
    try (OutputStream out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int status;
    try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      status =
          StorageTool.execute(
              new String[] {"format", "-c", file.toString(), "-t", clusterId, "--ignore-formatted"},
              out);
    }
    if (status != 0) {
      throw new IOException(
          "Kafka could not format " + file + ": " + said.toString(StandardCharsets.UTF_8));
    }
  }

  private static void onEach(List<KafkaRaftServer> nodes, Consumer<KafkaRaftServer> step)
      throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(nodes.size());
    try {
      List<CompletableFuture<Void>> steps =
          nodes.stream()
              .map(node -> CompletableFuture.runAsync(() -> step.accept(node), threads))
              .toList();
      steps.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      throw new IOException("A Kafka node failed: " + e.getCause(), e);
    } finally {
      threads.shutdown();
    }
  }
}
