package io.refinery.embedded;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Reports a full disk as MinIO does. S3Proxy reports it as an internal error that asks the client
 * to try again.
 */
final class FullDiskStore extends ForwardingBlobStore {

  private static final String CODE = "XMinioStorageFull";
  private static final int INSUFFICIENT_STORAGE = 507;

  private final Path folder;

  FullDiskStore(BlobStore store, Path folder) {
    super(store);
    this.folder = folder;
  }

  @Override
  public CreateBucketResponse createContainer(CreateBucketRequest request) {
    return writing(() -> super.createContainer(request));
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
    return writing(() -> super.putBlob(request, body));
  }

  @Override
  public CopyObjectResponse copyBlob(CopyObjectRequest request) {
    return writing(() -> super.copyBlob(request));
  }

  @Override
  public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
    return writing(() -> super.initiateMultipartUpload(request));
  }

  @Override
  public UploadPartResponse uploadMultipartPart(
      MultipartUpload upload, UploadPartRequest request, InputStream body) {
    return writing(() -> super.uploadMultipartPart(upload, request, body));
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    return writing(() -> super.completeMultipartUpload(upload, request));
  }

  private <T> T writing(Supplier<T> write) {
    try {
      return write.get();
    } catch (RuntimeException e) {
      if (!ServerDisk.caused(e, folder)) {
        throw e;
      }
      throw S3Exception.builder()
          .statusCode(INSUFFICIENT_STORAGE)
          .awsErrorDetails(
              AwsErrorDetails.builder()
                  .errorCode(CODE)
                  .errorMessage(ServerDisk.sentence(folder))
                  .build())
          .cause(e)
          .build();
    }
  }
}
