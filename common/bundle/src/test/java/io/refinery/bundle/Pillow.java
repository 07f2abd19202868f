package io.refinery.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Python's Pillow, if installed; {@code -Dpython=/usr/bin/python3} sets the interpreter. */
final class Pillow {

  private Pillow() {}

  static boolean isThere() throws IOException, InterruptedException {
    try {
      // Older versions accept files that newer ones refuse, and turn no TIFF upright.
      return run(
              "-c",
              "import PIL; from PIL import features;"
                  + " print(features.check('webp') and int(PIL.__version__.split('.')[0]) >= 11)")
          .strip()
          .equals("True");
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Opens every image of a folder.
   *
   * @return the RGB pixels by file name; empty where Pillow refuses the file
   */
  static Map<String, Optional<byte[]>> open(Path folder, String... arguments)
      throws IOException, InterruptedException {
    Path script = TestImages.fixture("pillow.py");
    List<String> command = new ArrayList<>(List.of(script.toString(), folder.toString()));
    command.addAll(List.of(arguments));
    Map<String, Optional<byte[]>> images = new LinkedHashMap<>();
    for (String line : run(command.toArray(String[]::new)).lines().toList()) {
      String[] parts = line.split(" ", -1);
      images.put(
          parts[0],
          parts[1].equals("ok")
              ? Optional.of(HexFormat.of().parseHex(parts[4]))
              : Optional.empty());
    }
    return images;
  }

  private static String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(System.getProperty("python", "python3")));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException("python ended with " + process.exitValue() + ": " + output);
    }
    return output;
  }
}
