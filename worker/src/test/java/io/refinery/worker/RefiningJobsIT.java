package io.refinery.worker;

import static io.refinery.worker.WorkerFixture.PATIENCE;
import static io.refinery.worker.WorkerFixture.SHAPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jhdf.HdfFile;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.Bundles;
import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.onnx.OnnxRefiningEngine;
import io.refinery.image.HistogramEqualisation;
import io.refinery.image.ImageBatch;
import io.refinery.image.PixelScale;
import io.refinery.image.Preprocessing;
import io.refinery.message.JobEvent;
import io.refinery.message.JobResult;
import io.refinery.registry.LocalModel;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelVersion;
import io.refinery.status.Status;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.Sha256;
import io.refinery.storage.StoredObject;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@StackTest
class RefiningJobsIT {

  private static final int IMAGES = 50;

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;

  RefiningJobsIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() {
    fixture = new WorkerFixture(stack, folder);
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  @Test
  void aJobProducesARefinedBundleWithItsLabelsUnchangedBitForBit() throws Exception {
    ModelVersion version = fixture.publishStable(1);
    Path bundle = fixture.bundle(IMAGES);
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      ObjectRef input = fixture.upload(bundle);
      String job = fixture.submit("labels", input, fixture.model + "@stable");
      JobResult.Succeeded result = fixture.success(job);

      Path refined = folder.resolve("refined.h5");
      fixture.storage.download(result.output(), refined, Long.MAX_VALUE);
      assertThat(Sha256.of(refined)).isEqualTo(result.sha256());
      assertThat(Files.size(refined)).isEqualTo(result.bytes());
      assertThat(result.images()).isEqualTo(IMAGES);
      assertThat(result.inputSha256()).hasValue(Sha256.of(bundle));
      assertThat(result.inputEtag()).isEqualTo(fixture.storage.find(input).map(StoredObject::etag));
      assertThat(result.model()).isEqualTo(version);
      assertThat(result.stageSeconds())
          .containsOnlyKeys("model", "fetch", "decode", "refine", "encode", "store");
      try (HdfFile before = new HdfFile(bundle);
          HdfFile after = new HdfFile(refined)) {
        for (String label : List.of("look_vec", "path")) {
          assertThat(after.getDatasetByPath(label).getData())
              .isEqualTo(before.getDatasetByPath(label).getData());
        }
        assertThat(after.getAttribute("refinery.model").getData()).isEqualTo(version.toString());
        assertThat(after.getAttribute("refinery.job").getData()).isEqualTo(job);
      }
      assertThat(pixels(refined)).isEqualTo(pixels(refinedByTheEngine(version, images())));
      assertThat(worker.metrics()).contains("refinery_images_total " + (double) IMAGES);
      assertThat(worker.health().status()).isEqualTo(Status.UP);
      assertThat(worker.health().serving())
          .containsEntry(fixture.model + "@stable", version.toString());
    }
    try (Stream<Path> left = Files.list(folder.resolve("work").resolve(JobWork.FOLDER))) {
      assertThat(left).noneMatch(Files::isDirectory);
    }
  }

  @Test
  void aVersionForEqualisedImagesReceivesThemAndTheLabelsStay() throws Exception {
    ModelVersion version = fixture.publish(1, Preprocessing.HISTOGRAM_EQUALISATION);
    Path bundle = fixture.bundle(IMAGES);
    try (Worker worker = fixture.start(fixture.config("worker"))) {
      String job = fixture.submit("equalised", fixture.upload(bundle), version.toString());

      Path refined = folder.resolve("refined.h5");
      fixture.storage.download(fixture.success(job).output(), refined, Long.MAX_VALUE);
      assertThat(worker.health().status()).isEqualTo(Status.UP);
      ImageBatch equalised = HistogramEqualisation.of(images());
      assertThat(pixels(refined))
          .isEqualTo(pixels(refinedByTheEngine(version, equalised)))
          .isNotEqualTo(pixels(refinedByTheEngine(version, images())));
      try (HdfFile before = new HdfFile(bundle);
          HdfFile after = new HdfFile(refined)) {
        assertThat(after.getDatasetByPath("look_vec").getData())
            .isEqualTo(before.getDatasetByPath("look_vec").getData());
      }
    }
  }

  @Test
  void aJobOfAForeignClientIsRefinedAndItsTraceContextPassedOn() throws Exception {
    fixture.publishStable(1);
    ObjectRef input = fixture.upload(fixture.bundle(3));
    String job = fixture.jobId("typed");
    String json =
        """
        {"id": "%s", "input": "%s", "model": "%s", "colour": "blue"}"""
            .formatted(job, input, fixture.model);
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    try (Worker worker = fixture.start(fixture.config("worker"))) {
      fixture.send(
          fixture.topics.jobs(), null, json.getBytes(StandardCharsets.UTF_8), "traceparent", trace);

      assertThat(fixture.success(job).images()).isEqualTo(3);
      assertThat(worker.name()).isEqualTo("worker");
    }
    var record = fixture.records(fixture.topics.results(), job).get(0);
    assertThat(WorkerFixture.header(record.headers(), "traceparent")).isEqualTo(trace);
  }

  @Test
  void eventsReportAJobsProgress() throws Exception {
    fixture.publishStable(1);
    try (Worker worker = fixture.start(fixture.config("worker-7"))) {
      String job = fixture.submit("told", fixture.upload(fixture.bundle(9)), fixture.model);
      assertThat(fixture.success(job).engine()).isEqualTo(worker.engine().description());

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(events(job))
                      .extracting(JobEvent::state)
                      .containsExactly(
                          JobEvent.State.ACCEPTED,
                          JobEvent.State.REFINING,
                          JobEvent.State.SUCCEEDED));
      assertThat(events(job)).extracting(JobEvent::worker).containsOnly("worker-7");
      assertThat(events(job).get(2).images()).isEqualTo(9);
      assertThat(events(job).get(2).of()).contains(9L);
    }
  }

  private List<JobEvent> events(String job) {
    return fixture.records(fixture.topics.events(), job).stream()
        .map(record -> JobEvent.parse(record.value()))
        .toList();
  }

  private static byte[] pixels(Path bundle) throws Exception {
    try (BundleReader reader = Bundles.open(bundle, WorkerFixture.LIMITS)) {
      return pixels(reader.read(IMAGES).orElseThrow());
    }
  }

  private static byte[] pixels(ImageBatch images) {
    byte[] levels = new byte[images.pixels().length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = PixelScale.toByte(images.pixels()[i]);
    }
    return levels;
  }

  private static ImageBatch images() {
    return new ImageBatch(IMAGES, SHAPE, WorkerFixture.pixels(SHAPE, IMAGES));
  }

  private ImageBatch refinedByTheEngine(ModelVersion version, ImageBatch images) {
    LocalModel model =
        fixture.registry.fetch(
            fixture.registry.resolve(new ModelReference.ToVersion(version)),
            folder.resolve("cache"));
    try (Refiner refiner =
        new OnnxRefiningEngine().refiner(model.refiner(), Device.cpu(), Precision.FULL)) {
      return refiner.refine(images);
    }
  }
}
