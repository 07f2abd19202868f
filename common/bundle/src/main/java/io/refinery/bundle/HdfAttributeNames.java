package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.jhdf.object.message.SharedMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Lists the attributes of an object (specification IV.A.2.m and IV.A.2.v). */
final class HdfAttributeNames {

  private static final int NAME_RECORDS = 8;
  private static final int HEAP_ID_BYTES = 8;
  private static final int SHARED = 2;

  private final HdfStorage storage;
  private final Map<String, String> attributes = new TreeMap<>();

  private HdfAttributeNames(HdfStorage storage) {
    this.storage = storage;
  }

  /** Returns the names of an object's attributes, with the type and dimensions of each in words. */
  static Map<String, String> describe(HdfStorage storage, HdfObject object) {
    HdfAttributeNames listing = new HdfAttributeNames(storage);
    for (ByteBuffer message : object.all(HdfObject.ATTRIBUTE)) {
      listing.add(message);
    }
    object.first(HdfObject.ATTRIBUTE_INFO).ifPresent(listing::addDense);
    return listing.attributes;
  }

  private void addDense(ByteBuffer message) {
    message.get();
    boolean ordered = (message.get() & 1) != 0;
    message.position(message.position() + (ordered ? 2 : 0));
    long heapAddress = HdfObject.unsigned(message, storage.getSizeOfOffsets());
    long treeAddress = HdfObject.unsigned(message, storage.getSizeOfOffsets());
    if (treeAddress == HdfStorage.UNDEFINED) {
      return;
    }
    HdfFractalHeap heap = new HdfFractalHeap(storage, heapAddress);
    new HdfTree2(storage, treeAddress, NAME_RECORDS)
        .forEach(
            record -> {
              if ((record.get(HEAP_ID_BYTES) & SHARED) != 0) {
                attributes.put("(shared)", "an attribute that objects share");
              } else {
                add(heap.get(record));
              }
            });
  }

  private void add(ByteBuffer message) {
    message.order(ByteOrder.LITTLE_ENDIAN);
    int version = message.get();
    if (version < 1 || version > 3) {
      throw new HdfException("an attribute has version " + version);
    }
    int flags = message.get();
    int nameBytes = Short.toUnsignedInt(message.getShort());
    int typeBytes = Short.toUnsignedInt(message.getShort());
    int spaceBytes = Short.toUnsignedInt(message.getShort());
    message.position(message.position() + (version == 3 ? 1 : 0));
    ByteBuffer name = part(message, nameBytes, version);
    ByteBuffer type = part(message, typeBytes, version);
    ByteBuffer space = part(message, spaceBytes, version);
    byte[] text = new byte[Math.max(0, name.remaining() - 1)];
    name.get(text);
    attributes.put(
        new String(text, StandardCharsets.UTF_8),
        version > 1 && (flags & 3) != 0 ? shared(flags, type) : description(type, space));
  }

  private String shared(int flags, ByteBuffer type) {
    if ((flags & 1) == 0) {
      return "of a shared shape";
    }
    long address = new SharedMessage(type, storage.getSuperblock()).getObjectHeaderAddress();
    HdfObject named = HdfObject.read(storage, address);
    return HdfType.parse(named.require(HdfObject.DATATYPE)).description();
  }

  private String description(ByteBuffer type, ByteBuffer space) {
    HdfDataspace dims = HdfDataspace.parse(space, storage.getSizeOfLengths());
    return HdfType.parse(type).description() + HdfText.shape(dims);
  }

  private static ByteBuffer part(ByteBuffer message, int length, int version) {
    ByteBuffer part = message.slice(message.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    int used = version == 1 ? (length + 7) / 8 * 8 : length;
    message.position(Math.min(message.limit(), message.position() + used));
    return part;
  }
}
