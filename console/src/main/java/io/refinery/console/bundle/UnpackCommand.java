package io.refinery.console.bundle;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.RewriteReport;
import io.refinery.bundle.pack.Packing;
import io.refinery.console.cli.ProgressBars;
import io.refinery.console.config.ConfigurationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery bundle unpack}. */
@Command(
    name = "unpack",
    mixinStandardHelpOptions = true,
    header = "Write a bundle as a folder of PNG files and a table of labels.",
    description = {
      "Writes images under their names, labels to labels.csv, and everything else of a ZIP as it"
          + " is. Prints what of an HDF5 file has no place in such a folder.",
      "",
      "  refinery bundle unpack refined.h5 --output refined/",
      ""
    })
public final class UnpackCommand implements Callable<Integer> {

  @Parameters(paramLabel = "BUNDLE", description = "HDF5 or ZIP.")
  private Path bundle;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      required = true,
      description = "Folder to write into; it is created, or must be empty.")
  private Path output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    RewriteReport report;
    try (ProgressBar progress = ProgressBars.bar("Unpacking", -1, " images")) {
      requireFolder();
      report =
          Packing.unpack(
              bundle,
              output,
              BundleLimits.DEFAULT,
              (done, of) -> progress.maxHint(of).stepTo(done));
    } catch (BundleException e) {
      spec.commandLine().getErr().println("refinery: " + e.fault() + ": " + e.getMessage());
      return ExitCode.SOFTWARE;
    } catch (IOException e) {
      throw new IllegalStateException(
          "Cannot unpack " + bundle + " into " + output + ": " + e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(output);
    report.leftOut().forEach(left -> out.println("left out " + left.what() + ": " + left.why()));
    report.remarks().forEach(remark -> out.println("note     " + remark));
    out.flush();
    return ExitCode.OK;
  }

  private void requireFolder() throws IOException {
    if (!Files.isRegularFile(bundle)) {
      throw new ConfigurationException("There is no file " + bundle.toAbsolutePath() + ".");
    }
    Files.createDirectories(output);
    try (Stream<Path> files = Files.list(output)) {
      if (files.findAny().isPresent()) {
        throw new ConfigurationException(output + " is not empty: give an empty or new folder.");
      }
    }
  }
}
