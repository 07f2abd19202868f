package io.refinery.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;

/** An S3 server on a folder. It verifies AWS v4 signatures. */
final class S3Server implements AutoCloseable {

  /** A signed request that is not chunked is held in the heap completely. */
  private static final long MAX_SINGLE_PUT_BYTES = 64L << 20;

  private static final int THREADS = 64;

  private final S3Proxy proxy;
  private final BlobStore store;

  private S3Server(S3Proxy proxy, BlobStore store) {
    this.proxy = proxy;
    this.store = store;
  }

  // S3Proxy.start() and stop() declare Exception.
  static S3Server start(Path folder, int port, String accessKey, String secretKey)
      throws Exception {
    Files.createDirectories(folder);
    Properties properties = new Properties();
    properties.setProperty("jclouds.filesystem.basedir", folder.toString());
    BlobStore store =
        new AtomicReplaceStore(
            new FullDiskStore(BlobStores.create("filesystem-nio2", properties), folder));
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(URI.create("http://127.0.0.1:" + port))
            .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
            .v4MaxNonChunkedRequestSize(MAX_SINGLE_PUT_BYTES)
            .jettyMaxThreads(THREADS)
            .stopTimeout(0)
            .build();
    proxy.start();
    return new S3Server(proxy, store);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  @Override
  public void close() throws IOException {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IOException("The S3 server did not stop: " + e, e);
    } finally {
      store.close();
    }
  }
}
