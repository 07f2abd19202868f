package io.refinery.registry;

import io.refinery.storage.ObjectRef;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The object keys of a registry:
 *
 * <pre>
 * models/NAME/versions/N/claim             who claimed the number; written first
 * models/NAME/versions/N/...               the version's files
 * models/NAME/versions/N/manifest.KEY.sig  the manifest's signature by the key with this id
 * models/NAME/publications/ID.json         the manifest of a one-time publication
 * models/NAME/versions/N/manifest.json     written last
 * models/NAME/channels/CHANNEL.json        the version that a channel points to
 * </pre>
 *
 * @param prefix of every key, without a trailing slash
 */
record RegistryLayout(String bucket, String prefix) {

  static final String MANIFEST = "manifest.json";
  private static final String CLAIM = "claim";
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final Pattern SIGNATURE =
      Pattern.compile("(?:.*/)?manifest\\.([0-9a-f]{16})\\.sig");
  private static final Pattern PUBLICATION = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Pattern NUMBERED = Pattern.compile("versions/([1-9][0-9]{0,8})/(.+)");
  private static final Pattern CHANNEL = Pattern.compile("channels/([^/]+)\\.json");

  RegistryLayout {
    if (prefix.isEmpty() || prefix.startsWith("/") || prefix.endsWith("/")) {
      throw new IllegalArgumentException(
          "A registry's prefix must be like models or team/models, not '" + prefix + "'");
    }
  }

  /** Rejects file names that would leave the version's folder or hide the registry's own files. */
  static void requireFileName(String name) {
    if (!FILE_NAME.matcher(name).matches()
        || name.equals(MANIFEST)
        || name.equals(CLAIM)
        || SIGNATURE.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "The name of a version's file must have only letters, digits, '.', '_' and '-',"
              + " and not be "
              + MANIFEST
              + ", "
              + CLAIM
              + " or a signature: '"
              + name
              + "'");
    }
  }

  /** Rejects ids that would lead to another key. */
  static void requirePublication(String id) {
    if (!PUBLICATION.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "A publication's id must be 1 to 128 letters, digits, '.', '_' and '-', not '"
              + id
              + "'");
    }
  }

  String models() {
    return prefix + "/";
  }

  String model(String name) {
    return models() + name + "/";
  }

  String versions(String name) {
    return model(name) + "versions/";
  }

  String folder(ModelVersion version) {
    return versions(version.name()) + version.number() + "/";
  }

  ObjectRef claim(ModelVersion version) {
    return file(version, CLAIM);
  }

  ObjectRef manifest(ModelVersion version) {
    return file(version, MANIFEST);
  }

  /**
   * @param key id of the key that signs, 16 hexadecimal digits
   */
  ObjectRef signature(ModelVersion version, String key) {
    return file(version, "manifest." + key + ".sig");
  }

  /** The id of the key whose signature an object is; empty if it is not a signature. */
  static Optional<String> signer(ObjectRef ref) {
    Matcher matcher = SIGNATURE.matcher(ref.key());
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  ObjectRef file(ModelVersion version, String file) {
    return new ObjectRef(bucket, folder(version) + file);
  }

  ObjectRef publication(String name, String id) {
    return new ObjectRef(bucket, model(name) + "publications/" + id + ".json");
  }

  ObjectRef channel(String name, String channel) {
    return new ObjectRef(bucket, model(name) + "channels/" + channel + ".json");
  }

  /** The number of the version that an object of the model belongs to. */
  OptionalInt numberOf(String model, ObjectRef ref) {
    Matcher matcher = NUMBERED.matcher(ref.key().substring(model(model).length()));
    return matcher.matches()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  /** The channel whose pointer an object of the model is. */
  Optional<String> channelOf(String model, ObjectRef ref) {
    Matcher matcher = CHANNEL.matcher(ref.key().substring(model(model).length()));
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** The model that an object is a manifest of; empty if it is not a manifest. */
  Optional<String> modelOfManifest(ObjectRef ref) {
    String[] parts = ref.key().substring(models().length()).split("/", -1);
    boolean manifest = parts.length == 4 && parts[1].equals("versions") && isManifest(ref);
    return manifest ? Optional.of(parts[0]) : Optional.empty();
  }

  static boolean isManifest(ObjectRef ref) {
    return ref.key().endsWith("/" + MANIFEST);
  }
}
