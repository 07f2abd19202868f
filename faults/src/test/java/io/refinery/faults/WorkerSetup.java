package io.refinery.faults;

import io.refinery.message.Topics;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * What a worker's process is told.
 *
 * @param bootstrapServers addresses of all nodes
 * @param store address of the proxy in front of the store
 * @param folder its work folder
 * @param microsPerImage duration of refining one image, in microseconds
 */
record WorkerSetup(
    String bootstrapServers,
    Topics topics,
    URI store,
    String accessKey,
    String secretKey,
    String bucket,
    Path folder,
    long microsPerImage) {

  List<String> toArguments() {
    return List.of(
        bootstrapServers,
        topics.prefix(),
        store.toString(),
        accessKey,
        secretKey,
        bucket,
        folder.toString(),
        Long.toString(microsPerImage));
  }

  static WorkerSetup parse(String[] arguments) {
    return new WorkerSetup(
        arguments[0],
        new Topics(arguments[1]),
        URI.create(arguments[2]),
        arguments[3],
        arguments[4],
        arguments[5],
        Path.of(arguments[6]),
        Long.parseLong(arguments[7]));
  }
}
