package io.refinery.storage;

import io.minio.AbortMultipartUploadArgs;
import io.minio.ListMultipartUploadsArgs;
import io.minio.MinioAsyncClient;
import io.minio.messages.ListMultipartUploadsResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Uploads in parts, which the MinIO client lists and aborts only asynchronously. */
final class PartUploads {

  private final MinioAsyncClient client;

  PartUploads(MinioAsyncClient client) {
    this.client = client;
  }

  /** Lists unfinished uploads; those of unknown age are left out. */
  List<UnfinishedUpload> list(String bucket, String prefix)
      throws ExecutionException, InterruptedException {
    List<UnfinishedUpload> found = new ArrayList<>();
    ListMultipartUploadsArgs.Builder request =
        ListMultipartUploadsArgs.builder().bucket(bucket).prefix(prefix);
    ListMultipartUploadsResult page;
    do {
      page = client.listMultipartUploads(request.build()).get().result();
      for (ListMultipartUploadsResult.Upload upload : page.uploads()) {
        // Not every store heeds the prefix.
        if (upload.objectName().startsWith(prefix) && isDated(upload)) {
          ObjectRef ref = new ObjectRef(bucket, upload.objectName());
          found.add(new UnfinishedUpload(ref, upload.uploadId(), upload.initiated().toInstant()));
        }
      }
      request.keyMarker(page.nextKeyMarker()).uploadIdMarker(page.nextUploadIdMarker());
    } while (page.isTruncated() && page.nextKeyMarker() != null);
    return found;
  }

  private static boolean isDated(ListMultipartUploadsResult.Upload upload) {
    return upload.initiated() != null && upload.initiated().toInstant().isAfter(Instant.EPOCH);
  }

  void abort(UnfinishedUpload upload) throws ExecutionException, InterruptedException {
    client
        .abortMultipartUpload(
            AbortMultipartUploadArgs.builder()
                .bucket(upload.ref().bucket())
                .object(upload.ref().key())
                .uploadId(upload.id())
                .build())
        .get();
  }
}
