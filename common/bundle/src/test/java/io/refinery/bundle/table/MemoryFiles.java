package io.refinery.bundle.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.refinery.bundle.BundleException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Files in memory. Images are empty. */
final class MemoryFiles implements NamedFiles {

  /** The height of every image. */
  static final int HEIGHT = 384;

  private final Map<String, byte[]> files = new LinkedHashMap<>();

  static MemoryFiles images(String... names) {
    MemoryFiles files = new MemoryFiles();
    for (String name : names) {
      files.with(name, "");
    }
    return files;
  }

  /** Returns images {@code folder1.png} to {@code folder<count>.png}. */
  static MemoryFiles numbered(String folder, int count) {
    return images(
        IntStream.rangeClosed(1, count).mapToObj(i -> folder + i + ".png").toArray(String[]::new));
  }

  MemoryFiles with(String name, String... lines) {
    return with(name, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  MemoryFiles with(String name, byte[] content) {
    files.put(name, content);
    return this;
  }

  @Override
  public List<String> names() {
    return List.copyOf(files.keySet());
  }

  @Override
  public InputStream open(String name) {
    return new ByteArrayInputStream(files.get(name));
  }

  ReadLabels read() throws BundleException, IOException {
    List<String> images = names().stream().filter(FileNames::isLikeImage).toList();
    return new ReadLabels(ImageLabels.read(this, images, image -> HEIGHT), images.size());
  }

  /** Returns the exception that refuses these files. */
  BundleException refusal() {
    BundleException refusal = catchThrowableOfType(BundleException.class, this::read);
    assertThat(refusal).as("must be refused").isNotNull();
    return refusal;
  }
}
