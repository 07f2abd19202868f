package io.refinery.storage;

import io.minio.credentials.Credentials;
import io.minio.credentials.Provider;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProviderException;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys in a file or a mounted secret, read for every request, so that a replaced file holds at
 * once. While it cannot be read, the keys that were read last stay.
 */
final class KeyFile implements Provider {

  private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);

  private static final String ACCESS = "access-key";
  private static final String SECRET = "secret-key";
  private static final String TOKEN = "session-token";

  private final Path path;
  private Optional<Credentials> last = Optional.empty();

  /**
   * @param path as in {@link StorageCredentials#file}
   */
  KeyFile(Path path) {
    this.path = path;
  }

  @Override
  public synchronized Credentials fetch() {
    try {
      Properties keys = Files.isDirectory(path) ? folder() : file();
      last = Optional.of(credentials(keys));
    } catch (IOException | IllegalArgumentException e) {
      String reason = path + " cannot be read: " + e;
      if (last.isEmpty()) {
        throw new ProviderException(reason, e);
      }
      LOG.warn("Still using the last keys of the store: {}", reason);
    } catch (ProviderException e) {
      if (last.isEmpty()) {
        throw e;
      }
      LOG.warn("Still using the last keys of the store: {}", e.getMessage());
    }
    return last.get();
  }

  private Properties file() throws IOException {
    Properties keys = new Properties();
    keys.load(new StringReader(Files.readString(path)));
    return keys;
  }

  private Properties folder() throws IOException {
    Properties keys = new Properties();
    for (String name : new String[] {ACCESS, SECRET, TOKEN}) {
      Path file = path.resolve(name);
      if (Files.exists(file)) {
        keys.setProperty(name, Files.readString(file));
      }
    }
    return keys;
  }

  private Credentials credentials(Properties keys) {
    String token = keys.getProperty(TOKEN, "").strip();
    return new Credentials(
        required(keys, ACCESS), required(keys, SECRET), token.isEmpty() ? null : token, null);
  }

  private String required(Properties keys, String name) {
    String value = keys.getProperty(name, "").strip();
    if (value.isEmpty()) {
      throw new ProviderException(path + " has no " + name);
    }
    return value;
  }
}
