package io.refinery.network;

import io.refinery.image.ImageShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The refiner of one model version as local files with verified hashes: everything an engine needs
 * to build it.
 *
 * @param version for messages, such as {@code eyes@7}
 * @param shape shape of the images it was trained on; it can also refine other heights and widths
 * @param paths the paths of the available forms
 */
public record RefinerFiles(
    String version, RefinerNetwork network, ImageShape shape, Map<RefinerFile, Path> paths) {

  public RefinerFiles {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(shape, "shape");
    paths = Map.copyOf(paths);
  }

  /** Returns a refiner whose {@code forms} are in {@code folder} under their default names. */
  public static RefinerFiles in(
      Path folder,
      String version,
      RefinerNetwork network,
      ImageShape shape,
      Set<RefinerFile> forms) {
    Map<RefinerFile, Path> paths = new EnumMap<>(RefinerFile.class);
    forms.forEach(form -> paths.put(form, folder.resolve(form.fileName())));
    return new RefinerFiles(version, network, shape, paths);
  }

  /** Writes every file of this refiner. */
  public void write(Weights weights) throws IOException {
    for (Map.Entry<RefinerFile, Path> file : paths.entrySet()) {
      file.getKey().write(network, weights, file.getValue());
    }
  }

  /**
   * Returns the path of one form of the refiner.
   *
   * @throws IllegalArgumentException when the version has no such file
   */
  public Path path(RefinerFile file) {
    Path path = paths.get(file);
    if (path == null) {
      throw new IllegalArgumentException(version + " has no file " + file.fileName());
    }
    return path;
  }
}
