package io.refinery.bundle;

import io.jhdf.Superblock;
import io.jhdf.SymbolTableEntry;
import io.jhdf.exceptions.HdfException;
import io.jhdf.exceptions.UnsupportedHdfException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lists the links of a group, ordered by name. */
final class HdfGroup {

  private static final int DEEPEST = 32;
  private static final int LINK_RECORDS = 5;
  private static final int HASH_BYTES = 4;
  private static final int CACHED_SOFT_LINK = 2;

  private static final int HARD = 0;
  private static final int SOFT = 1;
  private static final int EXTERNAL = 64;

  private final HdfStorage storage;
  private final SortedMap<String, HdfLink> links = new TreeMap<>();

  private HdfGroup(HdfStorage storage) {
    this.storage = storage;
  }

  static HdfObject root(HdfStorage storage) {
    return HdfObject.read(storage, rootAddress(storage));
  }

  static long rootAddress(HdfStorage storage) {
    Superblock superblock = storage.getSuperblock();
    if (superblock instanceof Superblock.SuperblockV0V1 old) {
      long entry = old.getRootGroupSymbolTableAddress() - storage.getUserBlockSize();
      return new SymbolTableEntry(storage, entry).getObjectHeaderAddress();
    }
    if (superblock instanceof Superblock.SuperblockV2V3 current) {
      return current.getRootGroupObjectHeaderAddress();
    }
    throw new UnsupportedHdfException(
        "superblock version " + superblock.getVersionOfSuperblock() + " is not supported");
  }

  static SortedMap<String, HdfLink> list(HdfStorage storage, HdfObject group) {
    HdfGroup listing = new HdfGroup(storage);
    if (group.has(HdfObject.SYMBOL_TABLE)) {
      listing.addSymbolTable(group.require(HdfObject.SYMBOL_TABLE));
    } else {
      for (ByteBuffer link : group.all(HdfObject.LINK)) {
        listing.add(link);
      }
      if (group.has(HdfObject.LINK_INFO)) {
        listing.addDense(group.require(HdfObject.LINK_INFO));
      }
    }
    return listing.links;
  }

  private void addSymbolTable(ByteBuffer message) {
    long tree = HdfObject.unsigned(message, storage.getSizeOfOffsets());
    long heap = HdfObject.unsigned(message, storage.getSizeOfOffsets());
    storage.startStructure();
    addTree(tree, -1, new HdfLocalHeap(storage, heap), new Range("", Optional.empty()));
  }

  /**
   * The names that a node may have; HDF5 searches by these keys, so wrong ones would hide members.
   *
   * @param after all names are greater
   * @param last no name is greater; empty for any
   */
  private record Range(String after, Optional<String> last) {

    Range and(String lower, String upper) {
      boolean tighter = last.isEmpty() || upper.compareTo(last.get()) < 0;
      return new Range(
          lower.compareTo(after) > 0 ? lower : after, tighter ? Optional.of(upper) : last);
    }

    boolean holds(String name) {
      return name.compareTo(after) > 0 && (last.isEmpty() || name.compareTo(last.get()) <= 0);
    }
  }

  /** Adds the links below a node of a version 1 B-tree (specification III.A.1). */
  private void addTree(long address, int above, HdfLocalHeap names, Range range) {
    int offsets = storage.getSizeOfOffsets();
    ByteBuffer header = storage.piece(address, 8);
    int level = Byte.toUnsignedInt(header.get(5));
    if (header.getInt(0) != HdfObject.signature("TREE") || header.get(4) != 0) {
      throw new HdfException("there is no group tree at byte " + address);
    }
    if (above >= 0 ? level != above - 1 : level > DEEPEST) {
      throw new HdfException("the group tree's levels do not descend");
    }
    int entries = Short.toUnsignedInt(header.getShort(6));
    int key = storage.getSizeOfLengths();
    int room = 2 * storage.nodes().group() * (key + offsets) + key;
    ByteBuffer body =
        storage.node(address + 8 + 2L * offsets, entries * (key + offsets) + key, room);
    String lower = names.name(HdfObject.unsigned(body, key));
    for (int i = 0; i < entries; i++) {
      long child = HdfObject.unsigned(body, offsets);
      String upper = names.name(HdfObject.unsigned(body, key));
      if (level > 0) {
        addTree(child, level, names, range.and(lower, upper));
      } else {
        addNode(child, names, range.and(lower, upper));
      }
      lower = upper;
    }
  }

  /** Adds the links of a symbol table node (specification III.B and III.C). */
  private void addNode(long address, HdfLocalHeap names, Range range) {
    int offsets = storage.getSizeOfOffsets();
    ByteBuffer header = storage.piece(address, 8);
    if (header.getInt(0) != HdfObject.signature("SNOD") || header.get(4) != 1) {
      throw new HdfException("there is no symbol table at byte " + address);
    }
    int entries = Short.toUnsignedInt(header.getShort(6));
    int entry = 2 * offsets + 24;
    ByteBuffer body =
        storage.node(address + 8, entries * entry, 2 * storage.nodes().leaf() * entry);
    Range rest = range;
    for (int i = 0; i < entries; i++) {
      String name = names.name(HdfObject.unsigned(body, offsets));
      if (!rest.holds(name)) {
        throw new HdfException("the names of a group are not in order");
      }
      rest = new Range(name, range.last);
      long object = HdfObject.unsigned(body, offsets);
      int cached = body.getInt();
      if (cached < 0 || cached > CACHED_SOFT_LINK) {
        throw new HdfException("a symbol table has an entry of an unknown type");
      }
      body.getInt();
      long path = Integer.toUnsignedLong(body.getInt(body.position()));
      body.position(body.position() + 16);
      put(
          name,
          cached == CACHED_SOFT_LINK
              ? new HdfLink.Soft(names.name(path))
              : new HdfLink.Hard(object));
    }
  }

  private void put(String name, HdfLink link) {
    if (links.put(name, link) != null) {
      throw new HdfException("a group has two members '" + name + "'");
    }
  }

  private void addDense(ByteBuffer message) {
    message.get();
    boolean ordered = (message.get() & 1) != 0;
    message.position(message.position() + (ordered ? 8 : 0));
    long heapAddress = HdfObject.unsigned(message, storage.getSizeOfOffsets());
    long treeAddress = HdfObject.unsigned(message, storage.getSizeOfOffsets());
    if (treeAddress == HdfStorage.UNDEFINED) {
      return;
    }
    HdfFractalHeap heap = new HdfFractalHeap(storage, heapAddress);
    new HdfTree2(storage, treeAddress, LINK_RECORDS)
        .forEach(record -> add(heap.get(record.position(HASH_BYTES))));
  }

  /** Adds a link message (specification IV.A.2.g). */
  private void add(ByteBuffer message) {
    message.order(ByteOrder.LITTLE_ENDIAN);
    int version = message.get();
    if (version != 1) {
      throw new HdfException("a link has version " + version);
    }
    int flags = message.get();
    int type = (flags & 8) != 0 ? Byte.toUnsignedInt(message.get()) : HARD;
    message.position(message.position() + ((flags & 4) != 0 ? 8 : 0));
    message.position(message.position() + ((flags & 16) != 0 ? 1 : 0));
    int nameBytes = Math.toIntExact(HdfObject.unsigned(message, 1 << (flags & 3)));
    String name = text(message, nameBytes);
    put(name, target(message, type));
  }

  private HdfLink target(ByteBuffer message, int type) {
    if (type == HARD) {
      return new HdfLink.Hard(HdfObject.unsigned(message, storage.getSizeOfOffsets()));
    }
    String value = text(message, Short.toUnsignedInt(message.getShort()));
    if (type == SOFT) {
      return new HdfLink.Soft(value);
    }
    if (type == EXTERNAL && value.indexOf(0, 1) > 0) {
      int end = value.indexOf(0, 1);
      return new HdfLink.External(
          value.substring(1, end), value.substring(end + 1).replace("\0", ""));
    }
    return new HdfLink.Other(type);
  }

  private static String text(ByteBuffer message, int length) {
    if (length < 0 || length > message.remaining()) {
      throw new HdfException("a link is truncated");
    }
    byte[] bytes = new byte[length];
    message.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
