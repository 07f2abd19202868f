package io.refinery.faults;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Node;
import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.Bundles;
import io.refinery.image.ImageBatch;
import io.refinery.message.JobResult;
import io.refinery.storage.DownloadedObject;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Compares refined bundles with their inputs. Labels are read with other libraries than ours. */
final class BundleAudit {

  private static final long LARGEST = 64 << 20;
  private static final double HALF_A_LEVEL = 1 / 255.0;

  private final ObjectStorage storage;
  private final Path scratch;
  private final Map<ObjectRef, DownloadedObject> inputs = new HashMap<>();

  BundleAudit(ObjectStorage storage, Path scratch) {
    this.storage = storage;
    this.scratch = scratch;
  }

  /** Returns a clause for every difference between a result, its bundle and its input. */
  List<String> compare(JobResult.Succeeded result) throws IOException, BundleException {
    ObjectRef input = result.job().orElseThrow().input();
    Path inputFile = scratch.resolve("input-" + Integer.toHexString(input.hashCode()));
    DownloadedObject read =
        inputs.computeIfAbsent(input, ref -> storage.download(ref, inputFile, LARGEST));
    Path refined = scratch.resolve("refined");
    DownloadedObject output = storage.download(result.output(), refined, LARGEST);
    List<String> found = new ArrayList<>();
    if (!output.sha256().equals(result.sha256()) || output.object().size() != result.bytes()) {
      found.add("its bundle has another hash or size than the result says");
      return found;
    }
    if (!result.inputSha256().equals(Optional.of(read.sha256()))
        || !result.inputEtag().equals(Optional.of(read.object().etag()))) {
      found.add("its result names another hash or ETag than its input has");
    }
    images(inputFile, refined, result.images()).ifPresent(found::add);
    boolean zip = result.output().key().endsWith(".zip");
    (zip ? zipLabels(inputFile, refined) : hdfLabels(inputFile, refined)).ifPresent(found::add);
    return found;
  }

  /** The engine negates images. */
  private static Optional<String> images(Path input, Path refined, long images)
      throws BundleException {
    long count = 0;
    try (BundleReader before = Bundles.open(input, WorkerMain.LIMITS);
        BundleReader after = Bundles.open(refined, WorkerMain.LIMITS)) {
      Optional<ImageBatch> expected = before.read(100);
      while (expected.isPresent()) {
        float[] pixels = expected.get().pixels();
        float[] actual = after.read(100).map(ImageBatch::pixels).orElse(new float[0]);
        if (actual.length != pixels.length) {
          return Optional.of("its bundle lacks images");
        }
        for (int i = 0; i < pixels.length; i++) {
          if (Math.abs(actual[i] + pixels[i]) > HALF_A_LEVEL) {
            return Optional.of("a pixel of its bundle is wrong");
          }
        }
        count += expected.get().count();
        expected = before.read(100);
      }
    }
    return count == images ? Optional.empty() : Optional.of("its result has a wrong count");
  }

  private static Optional<String> hdfLabels(Path input, Path refined) {
    try (HdfFile before = new HdfFile(input);
        HdfFile after = new HdfFile(refined)) {
      for (Node label : before) {
        if (label instanceof Dataset dataset && !label.getName().equals("images")) {
          Object[] expected = {dataset.getData()};
          Object[] actual = {after.getDatasetByPath(label.getPath()).getData()};
          if (!Arrays.deepEquals(expected, actual)) {
            return Optional.of("its label " + label.getName() + " differs from the input's");
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> zipLabels(Path input, Path refined) throws IOException {
    try (ZipFile before = new ZipFile(input.toFile());
        ZipFile after = new ZipFile(refined.toFile())) {
      for (ZipEntry entry : before.stream().toList()) {
        ZipEntry copy = after.getEntry(entry.getName());
        if (copy == null) {
          return Optional.of("its bundle lacks " + entry.getName());
        }
        if (!entry.getName().endsWith(".png")
            && !Arrays.equals(
                before.getInputStream(entry).readAllBytes(),
                after.getInputStream(copy).readAllBytes())) {
          return Optional.of(entry.getName() + " differs from the input's");
        }
      }
    }
    return Optional.empty();
  }
}
