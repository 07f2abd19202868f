package io.refinery.worker;

import static io.refinery.worker.WorkerFixture.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageShape;
import io.refinery.message.ErrorCode;
import io.refinery.message.JobResult;
import io.refinery.message.JobResult.Failed;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelVersion;
import io.refinery.status.Status;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.ConcurrentTest;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

@StackTest
class BadInputIT {

  @TempDir Path folder;
  private final Stack stack;
  private WorkerFixture fixture;

  BadInputIT(Stack stack) {
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

  @ConcurrentTest
  void badInputCausesAFailedResultAndADeadLetterAndTheNextJobIsRefined() throws Exception {
    fixture.publishStable(1);
    Map<String, ErrorCode> expected = submitBadJobs();
    String good = fixture.submit("good", fixture.upload(fixture.bundle(5)), fixture.model);

    try (Worker worker = fixture.start(fixture.config("worker"))) {
      assertThat(fixture.success(good).images()).isEqualTo(5);

      Map<String, ErrorCode> codes = new LinkedHashMap<>();
      for (String job : expected.keySet()) {
        JobResult result = fixture.result(job);
        assertThat(result).isInstanceOf(Failed.class);
        Failed failed = (Failed) result;
        codes.put(job, failed.code());
        assertThat(failed.message()).hasSizeGreaterThan(20);
        assertDead(job, failed);
      }
      assertThat(codes).isEqualTo(expected);
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aMessageWithoutAnIdHasAResultNamedByItsPosition() throws Exception {
    fixture.send(fixture.topics.jobs(), null, "hello".getBytes(StandardCharsets.UTF_8));
    String id = fixture.topics.jobs() + "-0-0";

    try (Worker worker = fixture.start(fixture.config("worker"))) {
      assertThat(fixture.result(id)).isInstanceOf(Failed.class);
      assertThat(((Failed) fixture.result(id)).code()).isEqualTo(ErrorCode.BAD_MESSAGE);
      WorkerFixture.awaitMetric(worker, "code=\"BAD_MESSAGE\"");
    }
  }

  @ConcurrentTest
  void aMessageThatFillsARecordCausesAFailedResultAndADeadLetterWithItsPosition() throws Exception {
    fixture.publishStable(1);
    String huge = "{\"id\":\"%s\",\"model\":\"%s\"}";
    String job = fixture.jobId("huge");
    byte[] message =
        huge.formatted(job, "x".repeat((1 << 20) - 400)).getBytes(StandardCharsets.UTF_8);
    String trace = "t".repeat(200);
    fixture.send(fixture.topics.jobs(), job, message, "traceparent", trace);
    String good = fixture.submit("behind", fixture.upload(fixture.bundle(5)), fixture.model);

    try (Worker worker = fixture.start(fixture.config("worker"))) {
      assertThat(fixture.success(good).images()).isEqualTo(5);
      Failed failed = (Failed) fixture.result(job);
      assertThat(failed.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
      ConsumerRecord<String, byte[]> letter = fixture.first(fixture.topics.dead(), job);
      assertThat(letter.value()).hasSize(900 << 10);
      assertThat(WorkerFixture.header(letter.headers(), "refinery.value.bytes"))
          .isEqualTo(Integer.toString(message.length));
      assertThat(WorkerFixture.header(letter.headers(), "refinery.origin"))
          .startsWith(fixture.topics.jobs());
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void anInvalidResultObjectFailsOnlyItsJob() throws Exception {
    fixture.publishStable(1);
    ObjectRef input = fixture.upload(fixture.bundle(5));
    String garbage = fixture.jobId("garbage");
    fixture.storage.put(fixture.ref("results/" + garbage + ".json"), new byte[] {1, 2, 3});
    String large = fixture.jobId("large");
    fixture.storage.put(fixture.ref("results/" + large + ".json"), new byte[(1 << 20) + 1]);
    String other = fixture.jobId("other");
    fixture.storage.put(
        fixture.ref("results/" + other + ".json"),
        new Failed(
                "another-id",
                ErrorCode.INTERNAL,
                "So.",
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty())
            .toJson());

    try (Worker worker = fixture.start(fixture.config("worker"))) {
      for (String name : List.of("garbage", "large", "other")) {
        String job = fixture.submit(name, input, fixture.model);
        Failed failed = (Failed) fixture.result(job);
        assertThat(failed.code()).isEqualTo(ErrorCode.CORRUPT_RESULT);
        assertThat(failed.message()).contains("results/" + job + ".json");
        assertThat(failed.jobId()).isEqualTo(job);
      }
      fixture.success(fixture.submit("good", input, fixture.model));
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aVersionWhoseFilesDoNotMatchItsManifestRefinesNothing() throws Exception {
    ModelVersion version = fixture.publishStable(1);
    fixture.spoil(version, Manifest.REFINER_ONNX);
    String job = fixture.submit("corrupt", fixture.upload(fixture.bundle(5)), version.toString());

    try (Worker worker = fixture.start(fixture.config("worker"))) {
      Failed failed = (Failed) fixture.result(job);
      assertThat(failed.code()).isEqualTo(ErrorCode.CORRUPT_MODEL);
      assertThat(failed.model()).contains(version);
      assertThat(worker.health().refused()).containsKey(version.toString());
      assertThat(worker.health().status()).isEqualTo(Status.DEGRADED);
    }
  }

  @ConcurrentTest
  void imagesTooLargeForTheDevicesMemoryAreSplitOrFailOnlyTheirJob() throws Exception {
    fixture.publishStable(1);
    ImageShape large = new ImageShape(1, 32, 32);
    Path wide = fixture.bundle(large, PixelType.UINT8, 3, WorkerFixture.pixels(large, 3));
    String tooLarge = fixture.submit("too-large", fixture.upload(wide), fixture.model);
    String small = fixture.submit("small", fixture.upload(fixture.bundle(9)), fixture.model);

    try (Worker worker =
        fixture.start(
            fixture.config("worker"), HookedEngine.withRoomFor(3 * WorkerFixture.SHAPE.values()))) {
      assertThat(fixture.success(small).images()).isEqualTo(9);
      Failed failed = (Failed) fixture.result(tooLarge);
      assertThat(failed.code()).isEqualTo(ErrorCode.IMAGE_TOO_LARGE);
      assertThat(failed.message())
          .startsWith("One image of 32x32 gray does not fit into the memory");
      assertThat(worker.metrics()).contains("refinery_batches_halved_total 3.0");
      assertThat(worker.health().status()).isEqualTo(Status.UP);
    }
  }

  private Map<String, ErrorCode> submitBadJobs() throws IOException {
    Map<String, ErrorCode> jobs = new LinkedHashMap<>();
    jobs.put(raw("no-json", "refine my eyes"), ErrorCode.BAD_MESSAGE);
    jobs.put(
        raw("two-jobs", "{\"input\":\"s3://a/b\",\"model\":\"eyes\"} {\"input\":\"s3://a/c\"}"),
        ErrorCode.BAD_MESSAGE);
    jobs.put(
        raw("two-inputs", "{\"input\":\"s3://a/b\",\"input\":\"s3://a/c\",\"model\":\"eyes\"}"),
        ErrorCode.BAD_MESSAGE);
    jobs.put(
        raw("half", "{\"input\":\"s3://%s/\\ud800\",\"model\":\"eyes\"}".formatted(stack.bucket())),
        ErrorCode.BAD_MESSAGE);
    jobs.put(
        fixture.submit("dots", fixture.ref("bundles/../none.h5"), fixture.model),
        ErrorCode.NO_SUCH_OBJECT);
    jobs.put(raw("no-input", "{\"model\":\"eyes\"}"), ErrorCode.BAD_MESSAGE);
    jobs.put(
        raw("schema", "{\"schema\":\"refinery.job/2\",\"input\":\"s3://a/b\",\"model\":\"eyes\"}"),
        ErrorCode.UNKNOWN_SCHEMA);
    jobs.put(
        fixture.submit("bucket", ObjectRef.parse("s3://secrets/a.h5"), fixture.model),
        ErrorCode.STORAGE_NOT_ALLOWED);
    jobs.put(
        fixture.submit("missing", fixture.ref("bundles/none.h5"), fixture.model),
        ErrorCode.NO_SUCH_OBJECT);
    jobs.put(bytes("text", "no bundle".getBytes(StandardCharsets.UTF_8)), ErrorCode.NOT_A_BUNDLE);
    jobs.put(bytes("cut", cutShort()), ErrorCode.UNREADABLE);
    jobs.put(
        bytes("long", new byte[(int) WorkerFixture.LIMITS.bytes() + 1]), ErrorCode.TOO_MANY_BYTES);
    jobs.put(
        bundle("wide", new ImageShape(1, 5, 65), PixelType.UINT8, 2, 0), ErrorCode.IMAGE_TOO_LARGE);
    jobs.put(
        bundle("many", new ImageShape(1, 1, 1), PixelType.UINT8, 1001, 0),
        ErrorCode.TOO_MANY_IMAGES);
    jobs.put(
        bundle("bomb", new ImageShape(1, 64, 64), PixelType.FLOAT32, 1000, -1),
        ErrorCode.INFLATES_TOO_MUCH);
    jobs.put(nan(), ErrorCode.BAD_PIXELS);
    jobs.put(
        bundle("colour", new ImageShape(3, 5, 5), PixelType.UINT8, 2, 0),
        ErrorCode.MODEL_DOES_NOT_FIT);
    jobs.put(zip("mixed", 5, 6), ErrorCode.MIXED_SIZES);
    jobs.put(zip("empty"), ErrorCode.NO_IMAGES);
    jobs.put(
        fixture.submit("model", fixture.upload(fixture.bundle(2)), "nobody@stable"),
        ErrorCode.NO_SUCH_MODEL);
    jobs.put(
        fixture.submit("version", fixture.upload(fixture.bundle(2)), fixture.model + "@99"),
        ErrorCode.NO_SUCH_MODEL);
    return jobs;
  }

  private String raw(String name, String json) {
    fixture.send(fixture.topics.jobs(), fixture.jobId(name), json.getBytes(StandardCharsets.UTF_8));
    return fixture.jobId(name);
  }

  private String bytes(String name, byte[] bytes) {
    ObjectRef ref = fixture.ref("bundles/" + fixture.jobId(name));
    fixture.storage.put(ref, bytes);
    return fixture.submit(name, ref, fixture.model);
  }

  private String bundle(String name, ImageShape shape, PixelType type, int count, float value)
      throws IOException {
    float[] pixels = new float[count * shape.values()];
    Arrays.fill(pixels, value);
    return fixture.submit(
        name, fixture.upload(fixture.bundle(shape, type, count, pixels)), fixture.model);
  }

  private String nan() throws IOException {
    Path file = folder.resolve("nan.h5");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putDataset("images", new float[][][] {{{0, 1}, {0.5f, Float.NaN}}});
    }
    return fixture.submit("nan", fixture.upload(file), fixture.model);
  }

  private byte[] cutShort() throws IOException {
    byte[] whole = Files.readAllBytes(fixture.bundle(40));
    return Arrays.copyOf(whole, whole.length / 2);
  }

  /** A ZIP of one PNG of each width. */
  private String zip(String name, int... widths) throws IOException {
    Path file = folder.resolve(name + ".zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("readme.txt"));
      for (int width : widths) {
        zip.putNextEntry(new ZipEntry(width + ".png"));
        ImageIO.write(new BufferedImage(width, 5, BufferedImage.TYPE_BYTE_GRAY), "png", zip);
      }
    }
    return fixture.submit(name, fixture.upload(file), fixture.model);
  }

  private void assertDead(String job, Failed failed) {
    var letter = fixture.first(fixture.topics.dead(), job);
    assertThat(header(letter.headers(), "refinery.error.code")).isEqualTo(failed.code().name());
    assertThat(header(letter.headers(), "refinery.error.message")).isEqualTo(failed.message());
    assertThat(header(letter.headers(), "refinery.origin")).startsWith(fixture.topics.jobs());
  }
}
