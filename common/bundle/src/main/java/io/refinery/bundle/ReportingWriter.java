package io.refinery.bundle;

import io.refinery.image.ImageBatch;
import io.refinery.image.LevelBatch;
import java.io.IOException;

/** Another writer with a report. */
record ReportingWriter(BundleWriter writer, RewriteReport report) implements BundleWriter {

  @Override
  public void write(ImageBatch images) throws IOException {
    writer.write(images);
  }

  @Override
  public void write(LevelBatch images) throws IOException {
    writer.write(images);
  }

  @Override
  public void finish() throws IOException {
    writer.finish();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
