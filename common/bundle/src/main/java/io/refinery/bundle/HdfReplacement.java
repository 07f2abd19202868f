package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Puts images into a copy of an HDF5 file in the place of those that were there, in their order.
 */
abstract class HdfReplacement {

  /** Returns what replaces the images of {@code bundle} in a copy of its file. */
  static HdfReplacement of(HdfBundle bundle, HdfSpace space, HdfHeaderWriter headers) {
    if (!bundle.isStacked()) {
      return new OfEach(bundle, space, headers);
    }
    HdfObject object = bundle.imageObject(0);
    HdfDataset dataset = new HdfDataset(bundle.storage(), object);
    OptionalLong address = dataset.address();
    return address.isPresent()
        ? new InPlace(space, address.getAsLong())
        : new InChunks(object, dataset, space, headers, bundle.storage().encoding());
  }

  /**
   * Adds the next image.
   *
   * @param image as the file stores it
   * @throws HdfException when the image's place cannot be found
   */
  abstract void add(byte[] image) throws IOException;

  /** Completes the images. */
  abstract void finish() throws IOException;

  /** All images in one piece: they are overwritten. */
  private static final class InPlace extends HdfReplacement {

    private static final int BLOCK_BYTES = 1 << 20;

    private final HdfSpace space;
    private long next;
    private ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);

    InPlace(HdfSpace space, long address) {
      this.space = space;
      this.next = address;
    }

    @Override
    void add(byte[] image) throws IOException {
      if (image.length > block.remaining()) {
        flush();
        if (image.length > block.capacity()) {
          block = ByteBuffer.allocate(image.length);
        }
      }
      block.put(image);
    }

    private void flush() throws IOException {
      int bytes = block.flip().remaining();
      space.write(next, block);
      next += bytes;
      block.clear();
    }

    @Override
    void finish() throws IOException {
      flush();
    }
  }

  /** All images in one dataset in chunks: it gets new chunks, and a new index of them. */
  private static final class InChunks extends HdfReplacement {

    private final HdfObject object;
    private final HdfRows rows;
    private final HdfHeaderWriter headers;

    InChunks(
        HdfObject object,
        HdfDataset dataset,
        HdfSpace space,
        HdfHeaderWriter headers,
        HdfEncoding encoding) {
      this.object = object;
      this.headers = headers;
      int together =
          dataset.wholeRowsPerChunk().orElseGet(() -> HdfRows.rows(dataset.type(), dataset.dims()));
      this.rows = HdfRows.chunked(space, encoding, dataset.type(), dataset.dims(), together);
    }

    @Override
    void add(byte[] image) throws IOException {
      rows.write(image, 0, image.length);
    }

    @Override
    void finish() throws IOException {
      headers.replace(object.prefix(), relocated(object, rows.finish()));
    }
  }

  /** One dataset per image: overwritten if it is in one piece, and put in one piece otherwise. */
  private static final class OfEach extends HdfReplacement {

    private final HdfBundle bundle;
    private final HdfSpace space;
    private final HdfHeaderWriter headers;
    private long next;

    OfEach(HdfBundle bundle, HdfSpace space, HdfHeaderWriter headers) {
      this.bundle = bundle;
      this.space = space;
      this.headers = headers;
    }

    @Override
    void add(byte[] image) throws IOException {
      HdfObject object = bundle.imageObject(next++);
      OptionalLong address = new HdfDataset(bundle.storage(), object).address();
      if (address.isPresent()) {
        space.write(address.getAsLong(), ByteBuffer.wrap(image));
        return;
      }
      long moved = space.append(ByteBuffer.wrap(image));
      HdfMessage layout = bundle.storage().encoding().contiguous(moved, image.length);
      headers.replace(object.prefix(), relocated(object, List.of(layout)));
    }

    @Override
    void finish() {}
  }

  /** Returns the messages of a dataset whose data are elsewhere. */
  private static List<HdfMessage> relocated(HdfObject object, List<HdfMessage> data) {
    List<HdfMessage> messages = new ArrayList<>(data);
    for (HdfMessage message : object.messages()) {
      if (message.type() != HdfObject.LAYOUT && message.type() != HdfObject.FILTERS) {
        messages.add(message);
      }
    }
    return messages;
  }
}
