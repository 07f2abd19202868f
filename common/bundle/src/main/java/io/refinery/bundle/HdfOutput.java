package io.refinery.bundle;

import io.jhdf.ObjectHeader.ObjectHeaderV2;
import io.jhdf.Superblock;
import io.jhdf.api.WritableAttributeImpl;
import io.jhdf.object.message.AttributeInfoMessage;
import io.jhdf.object.message.AttributeMessage;
import io.jhdf.object.message.DataSpace;
import io.jhdf.object.message.DataSpaceMessage;
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

  private final FileChannel channel;
  private final SortedMap<String, Long> datasets = new TreeMap<>();
  private long end = SUPERBLOCK_BYTES;

  HdfOutput(FileChannel channel) {
    this.channel = channel;
  }

  long end() {
    return end;
  }

  /** Appends bytes and returns their address. */
  long append(ByteBuffer bytes) throws IOException {
    long address = end;
    while (bytes.hasRemaining()) {
      end += channel.write(bytes, end);
    }
    return address;
  }

  /** Adds a dataset with this header. */
  void putDataset(String path, List<Message> header) throws IOException {
    datasets.put(path, append(new ObjectHeaderV2(end, header).toBuffer()));
  }

  /** Writes groups, attributes and the superblock, which completes the file. */
  void finish(Map<String, String> attributes) throws IOException {
    long root = putGroup("", attributes);
    ByteBuffer superblock = new Superblock.SuperblockV2V3(0, root).toBuffer(end);
    for (long at = 0; superblock.hasRemaining(); ) {
      at += channel.write(superblock, at);
    }
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
    List<Message> messages = new ArrayList<>();
    messages.add(GroupInfoMessage.createBasic());
    messages.add(LinkInfoMessage.createBasic());
    children.forEach((name, address) -> messages.add(LinkMessage.create(name, address)));
    if (!attributes.isEmpty()) {
      messages.add(AttributeInfoMessage.create());
      for (var attribute : attributes.entrySet()) {
        messages.add(attribute(attribute.getKey(), attribute.getValue()));
      }
    }
    return append(new ObjectHeaderV2(end, messages).toBuffer());
  }

  /** Returns an attribute that is a string of fixed length; HDF5 has no strings of length 0. */
  private static Message attribute(String name, String value) {
    String text = value.isEmpty() ? " " : value;
    return AttributeMessage.create(name, new WritableAttributeImpl(name, null, text));
  }

  static Message dataspace(long... dims) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + dims.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 2).put((byte) dims.length).put((byte) 0).put((byte) 1);
    for (long dim : dims) {
      bytes.putLong(dim);
    }
    return DataSpaceMessage.create(
        DataSpace.readDataSpace(bytes.flip(), new Superblock.SuperblockV2V3(0, 0)));
  }
}
