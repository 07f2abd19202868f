package io.refinery.storage;

import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.Result;
import io.minio.messages.Item;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Lists objects and unfinished uploads. */
final class ObjectListings {

  private final MinioClient client;
  private final PartUploads uploads;
  private final StoreCalls calls;

  /**
   * @param client not closed by this class
   */
  ObjectListings(MinioClient client, PartUploads uploads, StoreCalls calls) {
    this.client = client;
    this.uploads = uploads;
    this.calls = calls;
  }

  List<StoredObject> all(String bucket, String prefix) {
    return calls.repeatedly(
        "listing s3://" + bucket + "/" + prefix,
        () -> {
          List<StoredObject> found = new ArrayList<>();
          for (Result<Item> result :
              client.listObjects(
                  ListObjectsArgs.builder()
                      .bucket(bucket)
                      .prefix(prefix)
                      .recursive(true)
                      .build())) {
            Item item = result.get();
            ObjectRef ref = new ObjectRef(bucket, item.objectName());
            found.add(new StoredObject(ref, item.size(), EntityTag.unquoted(item.etag())));
          }
          found.sort(Comparator.comparing(object -> object.ref().key()));
          return found;
        });
  }

  List<DatedObject> page(String bucket, String prefix, String after, int max) {
    return calls.repeatedly(
        "listing s3://" + bucket + "/" + prefix,
        () -> {
          List<DatedObject> found = new ArrayList<>();
          ListObjectsArgs.Builder request =
              ListObjectsArgs.builder().bucket(bucket).prefix(prefix).recursive(true).maxKeys(max);
          if (!after.isEmpty()) {
            request.startAfter(after);
          }
          // The client fetches further pages by itself.
          for (Result<Item> result : client.listObjects(request.build())) {
            Item item = result.get();
            ObjectRef ref = new ObjectRef(bucket, item.objectName());
            StoredObject object =
                new StoredObject(ref, item.size(), EntityTag.unquoted(item.etag()));
            found.add(new DatedObject(object, item.lastModified().toInstant()));
            if (found.size() == max) {
              break;
            }
          }
          return found;
        });
  }

  List<UnfinishedUpload> unfinishedUploads(String bucket, String prefix) {
    return calls.repeatedly(
        "listing unfinished uploads to s3://" + bucket + "/" + prefix,
        () -> {
          try {
            return uploads.list(bucket, prefix);
          } catch (ExecutionException e) {
            if (StorageErrors.code(e).equals("NotImplemented")) {
              return List.of();
            }
            throw e;
          }
        });
  }
}
