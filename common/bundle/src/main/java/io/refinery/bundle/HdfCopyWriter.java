package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.refinery.image.ImageBatch;
import io.refinery.image.LevelBatch;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Copies an HDF5 file byte for byte, then replaces its images where they are. So whatever else is
 * in the file stays as it is, whether or not we understand it, and at the same address: datasets,
 * groups, attributes, links, references, types.
 */
final class HdfCopyWriter implements BundleWriter {

  private final AtomicFile file;
  private final HdfBundle source;
  private final HdfObject root;
  private final List<HdfMessage> rootMessages;
  private final HdfSpace space;
  private final HdfHeaderWriter headers;
  private final HdfReplacement images;
  private final ImageCounter counter;
  private final Pixels encoder;
  private final byte[] one;

  private HdfCopyWriter(AtomicFile file, HdfBundle source, Provenance provenance)
      throws BundleException {
    this.file = file;
    this.source = source;
    HdfStorage storage = source.storage();
    this.root = HdfGroup.root(storage);
    this.rootMessages = HdfAttributes.added(storage, root, provenance.attributes());
    long end = storage.size() - storage.getUserBlockSize();
    this.space =
        new HdfSpace(
            file.channel(), storage.getUserBlockSize(), (end + 7) / 8 * 8, source.imageRanges());
    this.headers = new HdfHeaderWriter(space, storage.encoding());
    this.images = HdfReplacement.of(source, space, headers);
    this.counter = new ImageCounter(source.info().shape(), source.info().count());
    this.encoder = new Pixels(source.info().shape(), source.imageType().float32());
    this.one = new byte[encoder.bytes()];
  }

  /**
   * Copies a bundle.
   *
   * @param from the file of {@code source}
   * @param source closed with the writer, or when this fails
   */
  static HdfCopyWriter open(Path target, Path from, HdfBundle source, Provenance provenance)
      throws BundleException, IOException {
    AtomicFile file = null;
    try {
      file = AtomicFile.beside(target);
      copy(from, file.channel());
      AtomicFile copied = file;
      return ParserErrors.guard(
          "The HDF5 file",
          () -> {
            HdfOverlaps.check(source);
            return new HdfCopyWriter(copied, source, provenance);
          });
    } catch (BundleException | IOException | RuntimeException | Error e) {
      source.close();
      if (file != null) {
        file.close();
      }
      throw e;
    }
  }

  private static void copy(Path from, FileChannel to) throws IOException {
    try (FileChannel channel = FileChannel.open(from, StandardOpenOption.READ)) {
      long size = channel.size();
      for (long at = 0; at < size; ) {
        at += channel.transferTo(at, size - at, to);
      }
    }
  }

  @Override
  public void write(LevelBatch batch) throws IOException {
    if (source.imageType().float32().isPresent()) {
      BundleWriter.super.write(batch);
      return;
    }
    counter.add(batch.shape(), batch.count());
    int values = batch.shape().values();
    for (int i = 0; i < batch.count(); i++) {
      encoder.encode(batch.levels(), i * values, one, 0);
      replace();
    }
  }

  @Override
  public void write(ImageBatch batch) throws IOException {
    counter.requireNumbers(batch);
    counter.add(batch.shape(), batch.count());
    int values = batch.shape().values();
    for (int i = 0; i < batch.count(); i++) {
      encoder.encode(batch.pixels(), i * values, one, 0);
      replace();
    }
  }

  private void replace() throws IOException {
    try {
      images.add(one);
    } catch (HdfException e) {
      throw new IOException("The next image cannot be replaced: " + e.getMessage(), e);
    }
  }

  @Override
  public void finish() throws IOException {
    counter.checkComplete();
    images.finish();
    headers.replace(root.prefix(), rootMessages);
    new HdfSuperblock(source.storage()).finish(space, headers);
    file.publish();
  }

  @Override
  public void close() throws IOException {
    source.close();
    file.close();
  }
}
