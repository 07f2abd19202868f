package io.refinery.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A self-signed certificate with its key, made by the JDK's keytool.
 *
 * @param pem the certificate alone
 */
record TestCertificate(Path store, Path pem) {

  private static final String PASSWORD = "password";

  /**
   * @param subject what the certificate names, such as {@code ip:127.0.0.1}
   */
  static TestCertificate create(Path folder, String name, String subject)
      throws IOException, InterruptedException {
    Path store = folder.resolve(name + ".p12");
    Path pem = folder.resolve(name + ".pem");
    keytool(
        List.of("-genkeypair", "-alias", "key", "-keyalg", "EC", "-dname", "CN=" + name, "-ext"),
        List.of("san=" + subject, "-storetype", "PKCS12", "-keystore", store.toString()));
    keytool(
        List.of("-exportcert", "-rfc", "-alias", "key", "-file", pem.toString()),
        List.of("-keystore", store.toString()));
    return new TestCertificate(store, pem);
  }

  private static void keytool(List<String> command, List<String> more)
      throws IOException, InterruptedException {
    Path program = Path.of(System.getProperty("java.home"), "bin", "keytool");
    ProcessBuilder process = new ProcessBuilder(program.toString());
    process.command().addAll(command);
    process.command().addAll(more);
    process.command().addAll(List.of("-storepass", PASSWORD));
    if (process.inheritIO().start().waitFor() != 0) {
      throw new IOException("keytool failed");
    }
  }

  SSLContext context() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
