package io.refinery.worker;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleOptions;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Provenance;
import io.refinery.bundle.RewriteReport;
import io.refinery.engine.DeviceMemoryException;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageShape;
import io.refinery.image.Preprocessing;
import io.refinery.message.ErrorCode;
import io.refinery.message.Job;
import io.refinery.message.JobPriority;
import io.refinery.message.JobResult;
import io.refinery.message.OutputFormat;
import io.refinery.storage.AllowedObjects;
import io.refinery.storage.DownloadedObject;
import io.refinery.storage.FullDisk;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import io.refinery.storage.StorageException;
import io.refinery.storage.Workspace;
import io.refinery.telemetry.LogLabels;
import io.refinery.telemetry.Tracing;
import io.refinery.worker.ServedModels.Lease;
import io.refinery.worker.Stages.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Runs one job: finds its model, then fetches, decodes, refines, encodes and stores the bundle. */
final class JobWork {

  /** The folder of jobs' files in the work folder. */
  static final String FOLDER = "jobs";

  private final WorkerConfig config;
  private final EngineSelection<RefiningEngine> engine;
  private final ObjectStorage storage;
  private final ServedModels models;
  private final ResultStore results;
  private final EngineThread thread;
  private final Executor decoders;
  private final WorkerMetrics metrics;

  JobWork(
      WorkerConfig config,
      EngineSelection<RefiningEngine> engine,
      ObjectStorage storage,
      ServedModels models,
      ResultStore results,
      EngineThread thread,
      Executor decoders,
      WorkerMetrics metrics) {
    this.config = config;
    this.engine = engine;
    this.storage = storage;
    this.models = models;
    this.results = results;
    this.thread = thread;
    this.decoders = decoders;
    this.metrics = metrics;
  }

  /**
   * @throws InterruptedException when the worker stops or the try must end early
   * @throws JobFailure when the job can never succeed
   * @throws IOException when a retry may help, as with runtime exceptions
   */
  JobResult.Succeeded run(
      Job job, JobPriority priority, JobProgressReporter progress, WatchedTry watched)
      throws JobFailure, IOException, InterruptedException {
    Instant started = Instant.now();
    requireAllowed(job.input());
    watched.shield();
    try (Stages stages = new Stages(metrics, watched.progress());
        Workspace space = Workspace.in(config.workFolder().resolve(FOLDER), "job-");
        Lease model = stages.time(Stage.MODEL, () -> models.lease(job.model()))) {
      watched.unshield();
      name(model);
      Path input = space.file("input");
      DownloadedObject fetched = stages.time(Stage.FETCH, () -> fetch(job.input(), input));
      Path output = space.file("output");
      Refined refined = refine(job, priority, model, input, output, stages, progress);
      ResultStore.Stored stored =
          stages.time(
              Stage.STORE,
              () ->
                  results.store(
                      job.id(),
                      refined.format(),
                      output,
                      space.file("readback"),
                      progress::uploads));
      return new JobResult.Succeeded(
          job.id(),
          stored.ref(),
          stored.sha256(),
          stored.bytes(),
          refined.images(),
          model.local().version(),
          model.local().manifestSha256(),
          engine.description(),
          engine.device().toString(),
          started,
          Instant.now(),
          stages.seconds(),
          refined.report().leftOut().stream()
              .map(omission -> new JobResult.LeftOut(omission.what(), omission.why()))
              .toList(),
          refined.report().remarks(),
          Optional.of(fetched.sha256()),
          Optional.of(fetched.object().etag()).filter(tag -> !tag.isEmpty()),
          Optional.of(job));
    } catch (BundleException e) {
      throw JobFailure.of(job.input(), e);
    } catch (IOException e) {
      throw FullDisk.explained(e, config.workFolder());
    }
  }

  /** Names the version in log lines and in the delivery's span. */
  private static void name(Lease model) {
    String version = model.local().version().toString();
    LogLabels.put(LogLabels.MODEL, version);
    Tracing.describe("refinery.model", version);
  }

  private record Refined(BundleFormat format, long images, RewriteReport report) {}

  private Refined refine(
      Job job,
      JobPriority priority,
      Lease model,
      Path input,
      Path output,
      Stages stages,
      JobProgressReporter progress)
      throws BundleException, JobFailure, IOException, InterruptedException {
    BundleOptions options =
        BundleOptions.DEFAULT
            .withImages(job.images())
            .withChannels(model.local().manifest().refiner().channels());
    BundleLimits limits = ImageMemory.limits(config.limits(), model.local().manifest().refiner());
    try (BundleReader reader = stages.time(Stage.DECODE, () -> open(job, input, limits, options))) {
      BundleInfo info = reader.info();
      requireFit(info, model);
      progress.of(info.count());
      BundleFormat format = job.format().map(JobWork::format).orElse(info.format());
      try (BundleWriter writer =
          Bundles.rewrite(output, format, input, limits, options, provenance(job, model))) {
        long images = refine(reader, priority, model, writer, stages, progress);
        stages.time(
            Stage.ENCODE,
            () -> {
              writer.finish();
              return images;
            });
        return new Refined(format, images, writer.report());
      }
    }
  }

  private static BundleFormat format(OutputFormat asked) {
    return switch (asked) {
      case HDF5 -> BundleFormat.HDF5;
      case ZIP -> BundleFormat.ZIP;
    };
  }

  private long refine(
      BundleReader reader,
      JobPriority priority,
      Lease model,
      BundleWriter writer,
      Stages stages,
      JobProgressReporter progress)
      throws BundleException, JobFailure, IOException, InterruptedException {
    ImageShape shape = reader.info().shape();
    int batch = Refinement.batchSize(config.batchSize(), model.refiner(), shape);
    try {
      JobImages<?> images = images(reader, model, writer);
      return new Refinement<>(
              thread,
              decoders,
              stages,
              new MeteredImages<>(images, count -> metrics.batch(count, batch)))
          .run(batch, priority, progress::refined);
    } catch (DeviceMemoryException e) {
      throw new JobFailure(
          ErrorCode.IMAGE_TOO_LARGE,
          "One image of %s does not fit into the memory of %s: %s"
              .formatted(shape, engine.device(), e.getMessage()),
          Optional.of(model.local().version()),
          e);
    }
  }

  private static JobImages<?> images(BundleReader reader, Lease model, BundleWriter writer) {
    Preprocessing preprocessing = model.local().manifest().preprocessing();
    boolean levels =
        reader.info().pixels() == PixelType.UINT8 && preprocessing == Preprocessing.NONE;
    return levels
        ? new LevelImages(reader, model.refiner(), writer)
        : new FloatImages(reader, preprocessing, model.refiner(), writer);
  }

  /** Only a conversion to HDF5 turns images upright; otherwise their files still say how. */
  private static BundleReader open(Job job, Path input, BundleLimits limits, BundleOptions options)
      throws BundleException {
    boolean converted = job.format().equals(Optional.of(OutputFormat.HDF5));
    return Bundles.open(input, limits, converted ? options : options.asStored());
  }

  private void requireAllowed(ObjectRef input) throws JobFailure {
    if (!AllowedObjects.of(config.allowedBuckets()).contains(input)) {
      throw new JobFailure(
          ErrorCode.STORAGE_NOT_ALLOWED,
          "Jobs may not read %s: it is not in one of refinery.worker.allowed-buckets."
              .formatted(input));
    }
  }

  private DownloadedObject fetch(ObjectRef input, Path file) throws JobFailure {
    try {
      return storage.download(input, file, config.limits().bytes());
    } catch (StorageException e) {
      ErrorCode code =
          switch (e.kind()) {
            case NOT_FOUND -> ErrorCode.NO_SUCH_OBJECT;
            case DENIED -> ErrorCode.STORAGE_NOT_ALLOWED;
            case TOO_LARGE -> ErrorCode.TOO_MANY_BYTES;
            case FULL, DAMAGED, UNAVAILABLE -> throw e;
          };
      throw new JobFailure(code, e.getMessage(), Optional.empty(), e);
    }
  }

  private static void requireFit(BundleInfo info, Lease model) throws JobFailure {
    int wanted = model.local().manifest().refiner().channels();
    if (info.shape().channels() != wanted) {
      throw new JobFailure(
          ErrorCode.MODEL_DOES_NOT_FIT,
          "%s refines images with %d channels, but the bundle has images of %s."
              .formatted(model.local().version(), wanted, info.shape()),
          Optional.of(model.local().version()),
          null);
    }
  }

  private Provenance provenance(Job job, Lease model) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("refinery.model", model.local().version().toString());
    attributes.put("refinery.manifest.sha256", model.local().manifestSha256());
    attributes.put("refinery.engine", engine.description());
    attributes.put("refinery.device", engine.device().toString());
    attributes.put("refinery.job", job.id());
    attributes.put("refinery.input", job.input().toString());
    return new Provenance(attributes);
  }
}
