package io.refinery.testkit;

import java.net.URI;

/** A broker and an object store that run until they are closed. */
interface Servers extends AutoCloseable {

  String bootstrapServers();

  URI s3Endpoint();

  String accessKey();

  String secretKey();

  @Override
  void close();
}
