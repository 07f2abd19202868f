package io.refinery.bundle;

import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes the stacked layout: labels first, then images as they arrive. */
final class HdfBundleWriter implements BundleWriter {

  private static final String IMAGES = "images";

  private final AtomicFile file;
  private final HdfOutput output;
  private final Provenance provenance;
  private final ImageCounter counter;
  private final PixelType pixels;
  private final Pixels encoder;
  private final HdfType type;
  private final long[] dims;
  private final HdfRows rows;
  private final byte[] one;

  private HdfBundleWriter(
      AtomicFile file,
      HdfOutput output,
      ImageShape shape,
      long count,
      PixelType pixels,
      Provenance provenance) {
    this.file = file;
    this.output = output;
    this.provenance = provenance;
    this.counter = new ImageCounter(shape, count);
    this.pixels = pixels;
    boolean bytes = pixels == PixelType.UINT8;
    this.encoder =
        new Pixels(shape, bytes ? Optional.empty() : Optional.of(ByteOrder.LITTLE_ENDIAN));
    this.type = HdfType.of(bytes ? new FixedPoint(1, false) : FloatingPoint.FLOAT);
    this.dims =
        shape.channels() == 1
            ? new long[] {count, shape.height(), shape.width()}
            : new long[] {count, shape.height(), shape.width(), shape.channels()};
    this.rows = new HdfRows(output.space(), HdfEncoding.NEW, type, dims);
    this.one = new byte[encoder.bytes()];
  }

  static HdfBundleWriter open(
      Path target,
      ImageShape shape,
      long count,
      PixelType pixels,
      List<? extends Column> columns,
      Provenance provenance)
      throws BundleException, IOException {
    AtomicFile file = AtomicFile.beside(target);
    try {
      HdfOutput output = new HdfOutput(file.channel());
      for (Column column : columns) {
        copy(column, count, output, target);
      }
      return new HdfBundleWriter(file, output, shape, count, pixels, provenance);
    } catch (BundleException | IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static void copy(Column column, long count, HdfOutput output, Path target)
      throws BundleException, IOException {
    long[] dims = new long[column.rowDims().length + 1];
    dims[0] = count;
    System.arraycopy(column.rowDims(), 0, dims, 1, dims.length - 1);
    String name = column.name().equals(IMAGES) ? IMAGES + "_label" : column.name();
    if (column.type().isVariable()) {
      copyValues(column, dims, output, name, target);
      return;
    }
    HdfRows rows = new HdfRows(output.space(), HdfEncoding.NEW, column.type(), dims);
    int together = rows.rowsTogether();
    byte[] block = new byte[0];
    for (long from = 0; from < count; from += together) {
      int some = (int) Math.min(together, count - from);
      block = block.length == some * rows.rowBytes() ? block : new byte[some * rows.rowBytes()];
      column.read(from, some, block);
      rows.write(block, 0, block.length);
    }
    output.putDataset(name, column.type(), dims, rows.finish());
  }

  private static void copyValues(
      Column column, long[] dims, HdfOutput output, String name, Path target)
      throws BundleException, IOException {
    int together = Math.max(1, 4096 / Math.max(1, column.rowElements()));
    try (HdfValues values = new HdfValues(output.space(), HdfEncoding.NEW, column.type(), target)) {
      for (long from = 0; from < dims[0]; from += together) {
        int some = (int) Math.min(together, dims[0] - from);
        for (byte[] value : column.readVariable(from, some)) {
          values.write(value);
        }
      }
      output.putDataset(name, column.type(), dims, values.finish());
    }
  }

  @Override
  public void write(LevelBatch images) throws IOException {
    if (pixels != PixelType.UINT8) {
      BundleWriter.super.write(images);
      return;
    }
    counter.add(images.shape(), images.count());
    int values = images.shape().values();
    for (int i = 0; i < images.count(); i++) {
      encoder.encode(images.levels(), i * values, one, 0);
      rows.write(one, 0, one.length);
    }
  }

  @Override
  public void write(ImageBatch images) throws IOException {
    counter.requireNumbers(images);
    counter.add(images.shape(), images.count());
    int values = images.shape().values();
    for (int i = 0; i < images.count(); i++) {
      encoder.encode(images.pixels(), i * values, one, 0);
      rows.write(one, 0, one.length);
    }
  }

  @Override
  public void finish() throws IOException {
    counter.checkComplete();
    output.putDataset(IMAGES, type, dims, rows.finish());
    output.finish(provenance.attributes());
    file.publish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
