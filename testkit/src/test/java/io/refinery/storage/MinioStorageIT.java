package io.refinery.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minio.CreateMultipartUploadArgs;
import io.minio.MinioAsyncClient;
import io.minio.StatObjectArgs;
import io.refinery.storage.StorageException.Kind;
import io.refinery.testkit.Race;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@StackTest
class MinioStorageIT {

  private static final int MIB = 1 << 20;

  private final Stack stack;
  private final ObjectStorage storage;
  private final ObjectRef ref;
  private final OkHttpClient http;
  private final MinioAsyncClient client;

  @TempDir private Path folder;

  MinioStorageIT(Stack stack) {
    this.stack = stack;
    storage = stack.storage();
    ref = new ObjectRef(stack.bucket(), UUID.randomUUID().toString());
    http =
        HttpClients.of(
            new StorageConfig(
                stack.s3Endpoint(),
                StorageConfig.DEFAULT_REGION,
                stack.accessKey(),
                stack.secretKey()));
    client =
        MinioAsyncClient.builder()
            .endpoint(stack.s3Endpoint().toString())
            .region(StorageConfig.DEFAULT_REGION)
            .credentials(stack.accessKey(), stack.secretKey())
            .httpClient(http)
            .build();
  }

  @AfterEach
  void close() {
    storage.close();
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }

  private static byte[] bytes(Object text) {
    return text.toString().getBytes(UTF_8);
  }

  private static void assertFails(Kind kind, ThrowingCallable call) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(call)
        .extracting(StorageException::kind)
        .isEqualTo(kind);
  }

  @Test
  void exactlyOneConcurrentPutIfAbsentWins() throws Exception {
    for (int round = 0; round < 10; round++) {
      ObjectRef claim = ref.resolve("claim" + round);

      List<Optional<StoredObject>> puts =
          Race.of(16, number -> () -> storage.putIfAbsent(claim, bytes("runner " + number)));

      List<Integer> winners =
          IntStream.range(0, 16).filter(number -> puts.get(number).isPresent()).boxed().toList();
      assertThat(winners).hasSize(1);
      assertThat(storage.read(claim, 100).text()).isEqualTo("runner " + winners.get(0));
    }
  }

  @Test
  void replacingLosesNoIncrement() throws Exception {
    storage.put(ref, bytes(0));

    Race.of(
        8,
        number ->
            () -> {
              for (int done = 0; done < 10; ) {
                ObjectContent counter = storage.read(ref, 100);
                int next = Integer.parseInt(counter.text().split(" ", 2)[0]) + 1;
                // Every writer's bytes are unique, as the contract requires.
                byte[] signed = bytes(next + " by " + number);
                done += storage.replace(ref, signed, counter.etag()).isPresent() ? 1 : 0;
              }
              return number;
            });

    assertThat(storage.read(ref, 100).text()).startsWith("80 ");
  }

  @Test
  void aChangedObjectIsNotReplaced() {
    StoredObject first = storage.put(ref, bytes("first"));
    StoredObject second = storage.replace(ref, bytes("second"), first.etag()).orElseThrow();

    assertThat(storage.replace(ref, bytes("third"), first.etag())).isEmpty();
    assertThat(storage.read(ref, 100).text()).isEqualTo("second");
    assertThat(storage.find(ref)).contains(second);
  }

  @Test
  void aDeletedObjectIsNotReplaced() {
    StoredObject first = storage.put(ref, bytes("first"));
    storage.delete(ref);

    assertThat(storage.replace(ref, bytes("second"), first.etag())).isEmpty();
    assertThat(storage.find(ref)).isEmpty();
  }

  @Test
  void aMultipartFileRoundTripsByteForByte() throws IOException {
    byte[] random = new byte[40 * MIB + 1];
    new Random(1).nextBytes(random);
    Path file = Files.write(folder.resolve("up.bin"), random);
    Path back = folder.resolve("down.bin");

    StoredObject stored = storage.upload(ref, file);
    DownloadedObject got = storage.download(ref, back, random.length);

    assertThat(got.object()).isEqualTo(stored);
    assertThat(got.sha256()).isEqualTo(Sha256.of(file));
    assertThat(storage.find(ref)).contains(stored);
    assertThat(Files.mismatch(file, back)).isEqualTo(-1);
  }

  @Test
  void whateverIsWrittenHasItsHash() throws Exception {
    Path small = Files.write(folder.resolve("small"), bytes("small"));
    Path parts = Files.write(folder.resolve("parts"), new byte[17 * MIB]);
    storage.put(ref.resolve("put"), bytes("put"));
    storage.putIfAbsent(ref.resolve("absent"), bytes("absent"));
    storage.upload(ref.resolve("small"), small);
    storage.upload(ref.resolve("parts"), parts);

    assertThat(hash("put")).isEqualTo(Sha256.of(bytes("put")));
    assertThat(hash("absent")).isEqualTo(Sha256.of(bytes("absent")));
    assertThat(hash("small")).isEqualTo(Sha256.of(small));
    assertThat(hash("parts")).isEqualTo(Sha256.of(parts));
  }

  private String hash(String name) throws Exception {
    return client
        .statObject(
            StatObjectArgs.builder().bucket(ref.bucket()).object(ref.resolve(name).key()).build())
        .get()
        .headers()
        .get("x-amz-meta-refinery-sha256");
  }

  @Test
  void anEmptyObjectRoundTrips() throws IOException {
    Path file = Files.createFile(folder.resolve("empty"));

    storage.upload(ref, file);

    assertThat(storage.read(ref, 0).bytes()).isEmpty();
  }

  @Test
  void aTooLargeObjectIsRefusedAndLeavesNoFile() {
    storage.put(ref, new byte[1000]);
    Path file = folder.resolve("down.bin");

    assertFails(Kind.TOO_LARGE, () -> storage.read(ref, 999));
    assertFails(Kind.TOO_LARGE, () -> storage.download(ref, file, 999));
    assertThat(file).doesNotExist();
  }

  @Test
  void missingObjectsAndBucketsAreNotFound() {
    ObjectRef noBucket = new ObjectRef("no-such-" + stack.bucket(), "key");

    assertThat(storage.find(ref)).isEmpty();
    assertThat(storage.find(noBucket)).isEmpty();
    assertFails(Kind.NOT_FOUND, () -> storage.read(ref, 100));
    assertFails(Kind.NOT_FOUND, () -> storage.read(noBucket, 100));
    assertFails(Kind.NOT_FOUND, () -> storage.put(noBucket, bytes("x")));
    assertFails(Kind.NOT_FOUND, () -> storage.list(noBucket.bucket(), ""));
  }

  @Test
  void anInvalidBucketNameIsNotFound() {
    assertFails(Kind.NOT_FOUND, () -> storage.read(new ObjectRef("No_Bucket!", "key"), 100));
  }

  @Test
  void aWrongSecretIsDenied() {
    StorageConfig right = stack.storageConfig();
    StorageConfig wrong =
        new StorageConfig(right.endpoint(), right.region(), stack.accessKey(), "wrong-secret");
    storage.put(ref, bytes("x"));
    try (ObjectStorage stranger = new MinioStorage(wrong)) {
      assertFails(Kind.DENIED, () -> stranger.read(ref, 100));
      assertFails(Kind.DENIED, () -> stranger.find(ref));
      assertFails(Kind.DENIED, () -> stranger.put(ref, bytes("y")));
    }
  }

  @Test
  void severalPagesAreListedByKey() throws Exception {
    Race.of(
        8,
        number ->
            () -> {
              for (int index = number; index < 1050; index += 8) {
                storage.put(ref.resolve(String.format("%04d", index)), bytes(index));
              }
              return number;
            });

    assertThat(storage.list(ref.bucket(), ref.key() + "/"))
        .extracting(object -> object.ref().key().substring(ref.key().length() + 1))
        .isEqualTo(IntStream.range(0, 1050).mapToObj(i -> String.format("%04d", i)).toList());
  }

  @Test
  void aKeyCanContainSpacesAndLettersOfAnyLanguage() {
    ObjectRef odd = ref.resolve("a b+c/ä€ %41.h5");

    StoredObject stored = storage.put(odd, bytes("x"));

    assertThat(storage.list(odd.bucket(), ref.key() + "/")).containsExactly(stored);
    assertThat(storage.read(odd, 10).text()).isEqualTo("x");
  }

  @Test
  void deletingTwiceIsNotAnError() {
    storage.put(ref, bytes("x"));

    storage.delete(ref);
    storage.delete(ref);

    assertThat(storage.find(ref)).isEmpty();
  }

  @Test
  void objectsAreListedInPagesWithTheirDates() {
    Instant before = Instant.now().minusSeconds(60);
    for (String name : List.of("a", "b", "c")) {
      storage.put(ref.resolve(name), bytes(name));
    }
    String prefix = ref.key() + "/";

    List<DatedObject> first = storage.page(ref.bucket(), prefix, "", 2);
    List<DatedObject> second = storage.page(ref.bucket(), prefix, prefix + "b", 2);

    assertThat(first)
        .extracting(object -> object.object().ref().key())
        .containsExactly(prefix + "a", prefix + "b");
    assertThat(second)
        .extracting(DatedObject::object)
        .containsExactly(storage.find(ref.resolve("c")).orElseThrow());
    assertThat(first).allMatch(object -> object.modified().isAfter(before));
  }

  @Test
  void anUnfinishedUploadIsListedAndAborted() throws Exception {
    Assumptions.assumeFalse(stack.isMinio(), "MinIO lists no unfinished uploads of a prefix");
    ObjectRef begun = ref.resolve("begun");
    client
        .createMultipartUpload(
            CreateMultipartUploadArgs.builder().bucket(begun.bucket()).object(begun.key()).build())
        .get();

    List<UnfinishedUpload> found = storage.unfinishedUploads(ref.bucket(), begun.key());
    assertThat(found).extracting(UnfinishedUpload::ref).containsExactly(begun);
    assertThat(found.get(0).begun()).isAfter(Instant.now().minusSeconds(60));
    assertThat(storage.unfinishedUploads(ref.bucket(), "other/")).isEmpty();

    storage.abort(found.get(0));
    storage.abort(found.get(0));
    assertThat(storage.unfinishedUploads(ref.bucket(), begun.key())).isEmpty();
  }

  @Test
  void theStorePassesTheCheckAtStartup() {
    assertThat(StoreCheck.of(storage, stack.bucket())).isEqualTo(new StoreCheck.Ready());
    assertThat(storage.list(stack.bucket(), StoreCheck.PREFIX)).isEmpty();
    assertThat(StoreCheck.of(storage, "no-such-" + stack.bucket()))
        .isInstanceOf(StoreCheck.Away.class);
  }

  @Test
  void aBucketIsCreatedOnceByConcurrentCallers() throws Exception {
    String bucket = stack.name("made");

    Race.of(
        4,
        number ->
            () -> {
              storage.ensureBucket(bucket);
              return number;
            });

    assertThat(storage.list(bucket, "")).isEmpty();
  }
}
