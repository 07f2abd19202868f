package io.refinery.bundle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adds attributes to an object, whose other attributes stay bit for bit. One of the same name is
 * renamed: {@code refinery.model} of an earlier refinement becomes {@code refinery.1.model}.
 */
final class HdfAttributes {

  private static final String PREFIX = "refinery.";
  private static final int LARGEST_MESSAGE = 0xFFFF;
  private static final int NAME_RECORDS = 8;
  private static final int HEAP_ID_BYTES = 8;

  private final HdfStorage storage;
  private final List<HdfMessage> messages = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private HdfAttributes(HdfStorage storage) {
    this.storage = storage;
  }

  /** Returns the messages of {@code object} with these attributes, too. */
  static List<HdfMessage> added(
      HdfStorage storage, HdfObject object, Map<String, String> attributes) throws BundleException {
    HdfAttributes result = new HdfAttributes(storage);
    for (HdfMessage message : object.messages()) {
      if (message.type() == HdfObject.ATTRIBUTE_INFO) {
        result.unpack(message, attributes.size());
      } else {
        result.messages.add(message);
      }
    }
    result.renameAll(attributes.keySet());
    int order = result.nextOrder();
    for (var attribute : attributes.entrySet()) {
      result.messages.add(
          HdfOutput.attribute(attribute.getKey(), attribute.getValue()).withOrder(order++));
    }
    return result.messages;
  }

  /** Moves attributes from a heap, which cannot be added to, into messages. */
  private void unpack(HdfMessage info, int added) throws BundleException {
    ByteBuffer data = info.data();
    byte[] bytes = new byte[info.size()];
    data.duplicate().get(bytes);
    ByteBuffer changed = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int flags = data.get(1);
    int start = 2;
    if ((flags & 1) != 0) {
      changed.putShort(start, (short) (data.getShort(start) + added));
      start += 2;
    }
    data.position(start);
    long heap = HdfObject.unsigned(data, storage.getSizeOfOffsets());
    long tree = HdfObject.unsigned(data, storage.getSizeOfOffsets());
    changed.position(start);
    while (changed.hasRemaining()) {
      changed.put((byte) -1);
    }
    messages.add(info.withData(bytes));
    if (heap != HdfStorage.UNDEFINED && tree != HdfStorage.UNDEFINED) {
      HdfFractalHeap values = new HdfFractalHeap(storage, heap);
      List<HdfMessage> found = new ArrayList<>();
      new HdfTree2(storage, tree, NAME_RECORDS)
          .forEach(record -> found.add(attribute(record, values)));
      for (HdfMessage message : found) {
        add(message);
      }
    }
  }

  /** Returns an attribute of a heap as a message. */
  private static HdfMessage attribute(ByteBuffer record, HdfFractalHeap heap) {
    ByteBuffer fields = record.slice().order(ByteOrder.LITTLE_ENDIAN);
    int flags = fields.get(HEAP_ID_BYTES);
    int order = fields.getInt(HEAP_ID_BYTES + 1);
    HdfMessage shared = new HdfMessage(HdfObject.ATTRIBUTE, flags, order, new byte[0]);
    if (shared.isShared()) {
      return shared;
    }
    ByteBuffer value = heap.get(record);
    byte[] message = new byte[value.remaining()];
    value.get(message);
    return shared.withData(message);
  }

  private void add(HdfMessage message) throws BundleException {
    if (message.size() > LARGEST_MESSAGE || message.isShared()) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "The file has an attribute of more than 64 KiB, or one that objects share, beside more"
              + " than eight others; store it as a dataset");
    }
    messages.add(message);
  }

  private int nextOrder() {
    return 1
        + messages.stream()
            .filter(message -> message.type() == HdfObject.ATTRIBUTE)
            .mapToInt(HdfMessage::order)
            .max()
            .orElse(-1);
  }

  private void renameAll(Set<String> taken) {
    for (HdfMessage message : messages) {
      if (isPlain(message)) {
        names.add(name(message));
      }
    }
    int number = 1;
    while (isUsed(PREFIX + number + ".")) {
      number++;
    }
    for (int i = 0; i < messages.size(); i++) {
      HdfMessage message = messages.get(i);
      if (isPlain(message) && taken.contains(name(message))) {
        String rest = name(message).substring(PREFIX.length());
        messages.set(i, renamed(message, PREFIX + number + "." + rest));
      }
    }
  }

  private boolean isUsed(String prefix) {
    return names.stream().anyMatch(name -> name.startsWith(prefix));
  }

  private static boolean isPlain(HdfMessage message) {
    return message.type() == HdfObject.ATTRIBUTE && !message.isShared();
  }

  private static int nameStart(ByteBuffer data) {
    return data.get(0) == 3 ? 9 : 8;
  }

  private static String name(HdfMessage message) {
    ByteBuffer data = message.data();
    byte[] name = new byte[Short.toUnsignedInt(data.getShort(2))];
    data.get(nameStart(data), name);
    int end = 0;
    while (end < name.length && name[end] != 0) {
      end++;
    }
    return new String(name, 0, end, StandardCharsets.UTF_8);
  }

  private static HdfMessage renamed(HdfMessage message, String name) {
    ByteBuffer data = message.data();
    boolean padded = data.get(0) == 1;
    int start = nameStart(data);
    int rest = start + room(Short.toUnsignedInt(data.getShort(2)), padded);
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    int size = text.length + 1;
    ByteBuffer renamed =
        ByteBuffer.allocate(start + room(size, padded) + data.capacity() - rest)
            .order(ByteOrder.LITTLE_ENDIAN);
    renamed.put(data.slice(0, start)).putShort(2, (short) size).put(text);
    renamed.position(start + room(size, padded)).put(data.slice(rest, data.capacity() - rest));
    return message.withData(renamed.array());
  }

  private static int room(int size, boolean padded) {
    return padded ? (size + 7) / 8 * 8 : size;
  }
}
