package io.refinery.bundle;

import io.jhdf.Superblock;
import io.jhdf.api.WritableAttributeImpl;
import io.jhdf.object.message.AttributeInfoMessage;
import io.jhdf.object.message.AttributeMessage;
import io.jhdf.object.message.DataSpace;
import io.jhdf.object.message.DataSpaceMessage;
import io.jhdf.object.message.DataTypeMessage;
import io.jhdf.object.message.FillValueMessage;
import io.jhdf.object.message.GroupInfoMessage;
import io.jhdf.object.message.LinkInfoMessage;
import io.jhdf.object.message.LinkMessage;
import io.jhdf.object.message.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An HDF5 file written sequentially: data first, then headers, the root group last. Uses jHDF's
 * encodings, but not its {@code WritableHdfFile}, which takes whole arrays.
 */
final class HdfOutput {

  /** Size of a version 3 superblock with 8-byte offsets. */
  private static final int SUPERBLOCK_BYTES = 48;

  private final HdfSpace space;
  private final HdfHeaderWriter headers;
  private final SortedMap<String, Long> datasets = new TreeMap<>();

  HdfOutput(FileChannel channel) {
    this.space = new HdfSpace(channel, 0, SUPERBLOCK_BYTES, List.of());
    this.headers = new HdfHeaderWriter(space, HdfEncoding.NEW);
  }

  HdfSpace space() {
    return space;
  }

  /**
   * Adds a dataset.
   *
   * @param data the messages of its header that say where its data are
   */
  void putDataset(String path, HdfType type, long[] dims, List<HdfMessage> data)
      throws IOException {
    List<HdfMessage> header = new ArrayList<>();
    header.add(HdfMessage.of(DataTypeMessage.create(type.copy())));
    header.add(HdfMessage.of(dataspace(dims)));
    header.add(HdfMessage.of(FillValueMessage.NO_FILL));
    header.addAll(data);
    datasets.put(path, headers.add(header));
  }

  /** Writes groups, attributes and the superblock, which completes the file. */
  void finish(Map<String, String> attributes) throws IOException {
    long root = putGroup("", attributes);
    space.write(0, new Superblock.SuperblockV2V3(0, root).toBuffer(space.end()));
  }

  private long putGroup(String path, Map<String, String> attributes) throws IOException {
    SortedMap<String, Long> children = new TreeMap<>();
    for (String dataset : List.copyOf(datasets.keySet())) {
      if (dataset.startsWith(path)) {
        String rest = dataset.substring(path.length());
        int slash = rest.indexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        if (!children.containsKey(name)) {
          String below = path + name + "/";
          children.put(name, slash < 0 ? datasets.get(dataset) : putGroup(below, Map.of()));
        }
      }
    }
    List<HdfMessage> messages = new ArrayList<>();
    messages.add(HdfMessage.of(GroupInfoMessage.createBasic()));
    messages.add(HdfMessage.of(LinkInfoMessage.createBasic()));
    children.forEach(
        (name, address) -> messages.add(HdfMessage.of(LinkMessage.create(name, address))));
    if (!attributes.isEmpty()) {
      messages.add(HdfMessage.of(AttributeInfoMessage.create()));
      attributes.forEach((name, value) -> messages.add(attribute(name, value)));
    }
    return headers.add(messages);
  }

  /** Returns an attribute that is a string of fixed length; HDF5 has no strings of length 0. */
  static HdfMessage attribute(String name, String value) {
    String text = value.isEmpty() ? " " : value;
    return HdfMessage.of(
        AttributeMessage.create(name, new WritableAttributeImpl(name, null, text)));
  }

  private static Message dataspace(long... dims) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + dims.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 2).put((byte) dims.length).put((byte) 0).put((byte) 1);
    for (long dim : dims) {
      bytes.putLong(dim);
    }
    return DataSpaceMessage.create(
        DataSpace.readDataSpace(bytes.flip(), new Superblock.SuperblockV2V3(0, 0)));
  }
}
