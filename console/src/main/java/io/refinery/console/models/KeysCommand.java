package io.refinery.console.models;

import io.refinery.console.config.ConfigurationException;
import io.refinery.registry.SigningKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery models keys}. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    header = "Make a key pair that signs model versions.",
    description = {
      "Writes NAME.key, the private key (Ed25519, PKCS#8), readable only by you, and NAME.pub, the"
          + " public key. Give NAME.key to trainers as refinery.models.signing-key-file and NAME.pub"
          + " to workers in refinery.models.trusted-keys.",
      "",
      "  refinery models keys signing",
      ""
    })
final class KeysCommand implements Runnable {

  @Parameters(
      paramLabel = "NAME",
      description = "Path and name of both files, without an ending; they must not exist.")
  private Path name;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    SigningKey key = SigningKey.generate();
    Path privateFile = name.resolveSibling(name.getFileName() + ".key");
    Path publicFile = name.resolveSibling(name.getFileName() + ".pub");
    if (Files.exists(publicFile)) {
      throw exists(publicFile);
    }
    write(privateFile, key.privatePem(), "rw-------");
    write(publicFile, key.publicPem(), "rw-r--r--");
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "Wrote the key " + key.id() + ": " + privateFile + " signs, " + publicFile + " verifies.");
    out.flush();
  }

  /** Created with its permissions, so that nobody can open it before they are set. */
  private static void write(Path file, String pem, String permissions) {
    Path folder = file.toAbsolutePath().getParent();
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
            }
            : new FileAttribute<?>[0];
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      channel.write(ByteBuffer.wrap(pem.getBytes(StandardCharsets.US_ASCII)));
    } catch (FileAlreadyExistsException e) {
      throw exists(file);
    } catch (IOException e) {
      throw new ConfigurationException("Cannot write the key " + file + ": " + e, e);
    }
  }

  private static ConfigurationException exists(Path file) {
    return new ConfigurationException(
        file + " exists already: give another name, or move the old key away.");
  }
}
