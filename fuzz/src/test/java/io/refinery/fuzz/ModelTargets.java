package io.refinery.fuzz;

import io.refinery.network.Safetensors;
import io.refinery.network.SafetensorsException;
import io.refinery.network.Tensor;
import io.refinery.network.Weights;
import io.refinery.registry.RegistryParsers;
import io.refinery.registry.TrustedKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parsers of what a model's folder holds. */
final class ModelTargets {

  private static final long BYTES = 64L << 20;

  private ModelTargets() {}

  static List<FuzzTarget> all(Path folder) throws IOException, GeneralSecurityException {
    Path file = folder.resolve("weights.safetensors");
    return List.of(
        new FuzzTarget(
            "safetensors",
            List.of(safetensors(file)),
            BYTES,
            input -> {
              Files.write(file, input);
              try {
                Safetensors.read(file);
              } catch (SafetensorsException e) {
                if (e.getMessage().isBlank()) {
                  throw new IllegalStateException("There is no sentence", e);
                }
              }
            }),
        new FuzzTarget(
            "manifest", List.of(RegistryParsers.manifest()), BYTES, RegistryParsers::readManifest),
        new FuzzTarget(
            "channel", List.of(RegistryParsers.channel()), BYTES, RegistryParsers::readChannel),
        new FuzzTarget(
            "key",
            List.of(key()),
            BYTES,
            input -> {
              try {
                TrustedKeys.parse(new String(input, StandardCharsets.UTF_8));
              } catch (IllegalArgumentException e) {
                if (e.getMessage().isBlank()) {
                  throw new IllegalStateException("There is no sentence", e);
                }
              }
            }));
  }

  private static byte[] safetensors(Path file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("a.weight", new Tensor(List.of(2, 3), new float[6]));
    tensors.put("a.bias", new Tensor(List.of(3), new float[3]));
    Safetensors.write(new Weights(tensors), Map.of("made", "by hand"), file);
    return Files.readAllBytes(file);
  }

  private static byte[] key() throws GeneralSecurityException {
    byte[] encoded =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    String text = Base64.getMimeEncoder().encodeToString(encoded);
    return ("-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----\n")
        .getBytes(StandardCharsets.UTF_8);
  }
}
