package io.refinery.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Python's h5py, if installed; {@code -Dpython=/usr/bin/python3} sets the interpreter. */
final class H5py {

  private H5py() {}

  static boolean isThere() throws IOException, InterruptedException {
    try {
      return run("-c", "import h5py").isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns the differences between two bundles; empty when there are none. */
  static String compare(Path source, Path rewritten) throws IOException, InterruptedException {
    return compareAll(List.of(source.toString(), rewritten.toString()));
  }

  /** Reads the images of every file in a folder; see read_all.py. */
  static void readAll(Path folder) throws IOException, InterruptedException {
    String output = run(TestBundles.fixture("hdf5/read_all.py").toString(), folder.toString());
    if (!output.isEmpty()) {
      throw new IOException(output);
    }
  }

  /**
   * Like {@link #compare}, for many bundles in one process.
   *
   * @param pairs source, rewritten, source, rewritten, ...
   */
  static String compareAll(List<String> pairs) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(pairs);
    arguments.add(0, TestBundles.fixture("compare_bundles.py").toString());
    return run(arguments.toArray(String[]::new));
  }

  /** Runs a script and returns what it prints. */
  static String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(System.getProperty("python", "python3")));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int status = process.waitFor();
    return status == 0 ? output : "exit status " + status + ": " + output;
  }
}
