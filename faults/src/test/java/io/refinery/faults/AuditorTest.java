package io.refinery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Label;
import io.refinery.bundle.Provenance;
import io.refinery.image.ImageBatch;
import io.refinery.message.ErrorCode;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelVersion;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.Sha256;
import io.refinery.storage.StoredObject;
import io.refinery.testkit.MemoryStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an auditor must notice. */
class AuditorTest {

  private static final String FINE = JobKind.FINE.id(1);
  private static final String MISSING = JobKind.MISSING.id(2);

  /** The deadline of jobs that have one. */
  private static final Instant NOW = Instant.parse("2026-01-31T18:00:00Z");

  @TempDir Path folder;
  private final MemoryStorage storage = new MemoryStorage();
  private final List<ConsumerRecord<String, byte[]>> jobs = new ArrayList<>();
  private final List<ConsumerRecord<String, byte[]>> controls = new ArrayList<>();
  private final List<ConsumerRecord<String, byte[]>> results = new ArrayList<>();
  private final List<ConsumerRecord<String, byte[]>> dead = new ArrayList<>();
  private Job fine;
  private Job missing;
  private Optional<Job> more = Optional.empty();

  @BeforeEach
  void send() {
    fine = job(FINE);
    missing = job(MISSING);
  }

  private Job job(String id) {
    Job job = new Job(id, ref("bundles/" + id + ".h5"), ModelReference.parse("eyes@stable"));
    jobs.add(record(id, job.toJson()));
    return job;
  }

  private void allWell(BundleFormat format) throws IOException {
    publish(refined(format, 1, 1));
    publish(failed(ErrorCode.NO_SUCH_OBJECT));
    bury(MISSING, ErrorCode.NO_SUCH_OBJECT);
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsWrongIfAllIsWell(BundleFormat format) throws Exception {
    allWell(format);

    Audit audit = audit();

    assertThat(audit.wrong()).isEmpty();
    assertThat(audit).isEqualTo(new Audit(2, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0, List.of()));
  }

  @Test
  void aRepeatedResultIsCountedButNotWrong() throws Exception {
    allWell(BundleFormat.HDF5);
    results.add(results.get(0));

    assertThat(audit().repeated()).isEqualTo(1);
    assertThat(audit().wrong()).isEmpty();
  }

  @Test
  void aBundleThatNoResultNamesIsFound() throws Exception {
    allWell(BundleFormat.HDF5);
    storage.put(ref("refined/orphan.h5"), new byte[1]);

    assertThat(audit().orphans()).isEqualTo(1);
    assertWrong("refined/orphan.h5 is named by no result");
  }

  @Test
  void aLostJobIsFound() throws Exception {
    allWell(BundleFormat.HDF5);
    results.remove(0);

    assertWrong(FINE + " has no result");
    assertThat(audit().lost()).isEqualTo(1);
  }

  @Test
  void aJobThatNeverReachedTheTopicIsFound() throws Exception {
    allWell(BundleFormat.HDF5);

    assertThat(Auditor.audit(evidence(), 3, folder).wrong())
        .anyMatch(one -> one.contains("3 jobs"));
  }

  @Test
  void aDifferentResultIsFound() throws Exception {
    allWell(BundleFormat.HDF5);
    results.add(record(FINE, failed(ErrorCode.INTERNAL).toJson()));

    assertWrong("two different results");
    assertThat(audit().different()).isEqualTo(1);
  }

  @Test
  void aJobThatFailedForNothingIsFound() throws Exception {
    allWell(BundleFormat.HDF5);
    results.remove(0);
    publish(
        new JobResult.Failed(
            FINE,
            ErrorCode.INTERNAL,
            "a fault",
            Instant.EPOCH,
            Optional.empty(),
            Optional.of(fine)));

    assertWrong("INTERNAL, a fault");
  }

  @Test
  void aWrongCodeIsFound() throws Exception {
    publish(refined(BundleFormat.HDF5, 1, 1));
    publish(failed(ErrorCode.INTERNAL));
    bury(MISSING, ErrorCode.INTERNAL);

    assertWrong("INTERNAL");
  }

  @Test
  void aMissingDeadLetterIsFound() throws Exception {
    allWell(BundleFormat.HDF5);
    dead.clear();

    assertWrong(MISSING + " has dead letters with [] instead of [NO_SUCH_OBJECT]");
  }

  @Test
  void aDeadLetterOfAGoodJobIsFound() throws Exception {
    allWell(BundleFormat.HDF5);
    bury(FINE, ErrorCode.INTERNAL);

    assertWrong(FINE + " has dead letters with [INTERNAL] instead of []");
  }

  @Test
  void aMissingClaimIsFound() throws Exception {
    allWell(BundleFormat.HDF5);
    storage.delete(ref("results/" + FINE + ".json"));

    assertWrong("is not in the store");
  }

  @ParameterizedTest
  @EnumSource
  void aWrongPixelIsFound(BundleFormat format) throws Exception {
    publish(refined(format, 0.9f, 1));

    assertWrong("a pixel");
  }

  @ParameterizedTest
  @EnumSource
  void aWrongLabelIsFound(BundleFormat format) throws Exception {
    publish(refined(format, 1, Math.nextUp(1f)));

    assertWrong("differs from the input's");
  }

  @Test
  void aBundleWithAnotherHashIsFound() throws Exception {
    allWell(BundleFormat.HDF5);
    storage.put(ref("refined/fine.h5"), new byte[10]);

    assertWrong("another hash");
  }

  @Test
  void aBundleThatIsGoneIsFound() throws Exception {
    allWell(BundleFormat.HDF5);
    storage.delete(ref("refined/fine.h5"));

    assertWrong("cannot be read");
  }

  @Test
  void anInputWithAnotherHashIsFound() throws Exception {
    allWell(BundleFormat.HDF5);
    storage.put(fine.input(), Files.readAllBytes(bundle(BundleFormat.HDF5, 0.5f, 1)));

    assertWrong("another hash or ETag");
  }

  @Test
  void aCancelledJobMayEndEitherWay() throws Exception {
    Job job = cancelled();
    publish(failed(job, ErrorCode.CANCELLED, NOW));

    assertThat(audit().wrong()).isEmpty();
    assertThat(audit().cancelled()).isEqualTo(1);

    results.remove(results.size() - 1);
    publish(refined(job, NOW));

    assertThat(audit().wrong()).isEmpty();
    assertThat(audit().succeeded()).isEqualTo(2);
  }

  @Test
  void aCancelledJobThatBothSucceededAndWasCancelledIsFound() throws Exception {
    Job job = cancelled();
    publish(failed(job, ErrorCode.CANCELLED, NOW));
    publish(refined(job, NOW));

    assertWrong(job.id() + " has two different results");
  }

  @ParameterizedTest
  @EnumSource(names = {"INTERNAL", "DEADLINE_PASSED", "NO_SUCH_OBJECT"})
  void aCancelledJobThatFailsWithAnotherCodeIsFound(ErrorCode code) throws Exception {
    publish(failed(cancelled(), code, NOW));

    assertWrong("failed: " + code);
  }

  @Test
  void aCancellationThatNobodyAskedForIsFound() throws Exception {
    publish(failed(cancelled(), ErrorCode.CANCELLED, NOW));
    controls.clear();

    assertWrong("no message asked for that");
  }

  @Test
  void aJobOfAnotherKindThatIsCancelledIsFound() throws Exception {
    allWell(BundleFormat.HDF5);
    results.remove(0);
    publish(failed(fine, ErrorCode.CANCELLED, NOW));

    assertWrong(FINE + " failed: CANCELLED");
  }

  @Test
  void aDeadLetterOfACancelledJobIsFound() throws Exception {
    Job job = cancelled();
    publish(failed(job, ErrorCode.CANCELLED, NOW));
    bury(job.id(), ErrorCode.CANCELLED);

    assertWrong(job.id() + " has dead letters with [CANCELLED] instead of []");
  }

  @Test
  void aBundleOfACancelledJobIsFound() throws Exception {
    Job job = cancelled();
    publish(failed(job, ErrorCode.CANCELLED, NOW));
    storage.put(ref("refined/" + job.id() + ".h5"), new byte[1]);

    assertWrong(job.id() + ".h5 is named by no result");
  }

  @Test
  void aJobThatWasOnlyCancelledMustEndAsCancelled() throws Exception {
    allWell(BundleFormat.HDF5);
    Job job = new Job(JobKind.REVOKED.id(3), fine.input(), fine.model());
    more = Optional.of(job);
    controls.add(record(job.id(), new byte[0]));

    assertWrong(job.id() + " has no result");

    publish(refined(job, NOW));
    assertWrong(job.id() + " succeeded instead of failing with CANCELLED");

    results.remove(results.size() - 1);
    publish(failed(job, ErrorCode.CANCELLED, NOW));
    assertThat(audit().wrong()).noneMatch(sentence -> sentence.contains(job.id() + " "));
  }

  @Test
  void aJobWithADeadlineMayEndEitherWay() throws Exception {
    Job job = due(JobKind.SOON);
    publish(refined(job, NOW.plus(Auditor.TOLERANCE)));

    assertThat(audit().wrong()).isEmpty();

    storage.delete(ref("refined/soon.h5"));
    results.remove(results.size() - 1);
    publish(failed(job, ErrorCode.DEADLINE_PASSED, NOW.plusMillis(1)));
    bury(job.id(), ErrorCode.DEADLINE_PASSED);

    assertThat(audit().wrong()).isEmpty();
    assertThat(audit().late()).isEqualTo(1);
  }

  @Test
  void aJobPastItsDeadlineWithoutADeadLetterIsFound() throws Exception {
    Job job = due(JobKind.SOON);
    publish(failed(job, ErrorCode.DEADLINE_PASSED, NOW.plusMillis(1)));

    assertWrong(job.id() + " has dead letters with [] instead of [DEADLINE_PASSED]");
  }

  @Test
  void aDeadLetterOfAJobThatEndedInTimeIsFound() throws Exception {
    Job job = due(JobKind.SOON);
    publish(refined(job, NOW));
    bury(job.id(), ErrorCode.DEADLINE_PASSED);

    assertWrong(job.id() + " has dead letters with [DEADLINE_PASSED] instead of []");
  }

  @Test
  void aJobThatIsEndedBeforeItsDeadlineIsFound() throws Exception {
    publish(failed(due(JobKind.SOON), ErrorCode.DEADLINE_PASSED, NOW.minusMillis(1)));

    assertWrong("was ended before its deadline");
  }

  @Test
  void aJobThatSucceedsLongAfterItsDeadlineIsFound() throws Exception {
    publish(refined(due(JobKind.SOON), NOW.plus(Auditor.TOLERANCE).plusMillis(1)));

    assertWrong("succeeded long after its deadline");
  }

  @Test
  void aJobWithADeadlineThatFailsWithAnotherCodeIsFound() throws Exception {
    publish(failed(due(JobKind.SOON), ErrorCode.CANCELLED, NOW));

    assertWrong("failed: CANCELLED");
  }

  @Test
  void aJobThatSucceedsAlthoughItWasSentAfterItsDeadlineIsFound() throws Exception {
    publish(refined(due(JobKind.LATE), NOW));

    assertWrong("succeeded instead of failing with DEADLINE_PASSED");
  }

  /** One more job, for whose cancellation a message asks, beside two that are well. */
  private Job cancelled() throws IOException {
    allWell(BundleFormat.HDF5);
    Job job = job(JobKind.CANCELLED.id(3));
    more = Optional.of(job);
    controls.add(record(job.id(), new byte[0]));
    return job;
  }

  /** One more job, with a deadline, beside two that are well. */
  private Job due(JobKind kind) throws IOException {
    allWell(BundleFormat.HDF5);
    Job job =
        new Job(kind.id(3), ref("bundles/due.h5"), fine.model()).withDeadline(Optional.of(NOW));
    jobs.add(record(job.id(), job.toJson()));
    more = Optional.of(job);
    return job;
  }

  private void assertWrong(String part) {
    assertThat(audit().wrong()).anyMatch(sentence -> sentence.contains(part));
  }

  private Audit audit() {
    int ids = 2 + (more.isPresent() ? 1 : 0);
    return Auditor.audit(evidence(), ids, folder);
  }

  private Evidence evidence() {
    return new Evidence(jobs, controls, results, dead, storage, "bucket");
  }

  private void publish(JobResult result) {
    results.add(record(result.jobId(), result.toJson()));
    storage.put(ref("results/" + result.jobId() + ".json"), result.toJson());
  }

  private JobResult failed(ErrorCode code) {
    return failed(missing, code, NOW);
  }

  private static JobResult failed(Job job, ErrorCode code, Instant finished) {
    return new JobResult.Failed(
        job.id(), code, "It failed.", finished, Optional.empty(), Optional.of(job));
  }

  private void bury(String id, ErrorCode code) {
    ConsumerRecord<String, byte[]> letter = record(id, missing.toJson());
    letter.headers().add("refinery.error.code", code.name().getBytes(StandardCharsets.UTF_8));
    dead.add(letter);
  }

  private JobResult refined(Job job, Instant finished) throws IOException {
    return refined(job, finished, BundleFormat.HDF5, 1, 1);
  }

  private JobResult refined(BundleFormat format, float pixels, float label) throws IOException {
    return refined(fine, NOW, format, pixels, label);
  }

  /**
   * The result of a sound job.
   *
   * @param pixels factor of the refined pixels; 1 if they are right
   * @param label factor of the refined bundle's labels; 1 if they are right
   */
  private JobResult refined(
      Job job, Instant finished, BundleFormat format, float pixels, float label)
      throws IOException {
    Path input = bundle(format, 1, 1);
    StoredObject stored = storage.upload(job.input(), input);
    String inputSha256 = Sha256.of(input);
    Path refined = bundle(format, -pixels, label);
    String name = job.id().substring(0, job.id().indexOf('-'));
    ObjectRef output = ref("refined/" + name + "." + format.extension());
    storage.upload(output, refined);
    return new JobResult.Succeeded(
        job.id(),
        output,
        Sha256.of(refined),
        Files.size(refined),
        4,
        new ModelVersion("eyes", 1),
        "0",
        "negating",
        "cpu",
        Instant.EPOCH,
        finished,
        Map.of(),
        List.of(),
        List.of(),
        Optional.of(inputSha256),
        Optional.of(stored.etag()),
        Optional.of(job));
  }

  private Path bundle(BundleFormat format, float pixel, float label) throws IOException {
    Path file = folder.resolve("bundle");
    Files.deleteIfExists(file);
    float[] pixels = new float[4 * Inputs.SHAPE.values()];
    Arrays.fill(pixels, pixel);
    try (BundleWriter writer =
        Bundles.create(
            file,
            format,
            Inputs.SHAPE,
            4,
            PixelType.UINT8,
            List.of(Label.floats("look_vec", 1, new float[] {label, 2, 3, 4})),
            new Provenance(Map.of()))) {
      writer.write(new ImageBatch(4, Inputs.SHAPE, pixels));
      writer.finish();
    }
    return file;
  }

  private static ObjectRef ref(String key) {
    return new ObjectRef("bucket", key);
  }

  private static ConsumerRecord<String, byte[]> record(String key, byte[] value) {
    return new ConsumerRecord<>("topic", 0, 0, key, value);
  }
}
