package io.refinery.bundle;

import io.jhdf.FractalHeap;
import io.jhdf.GroupSymbolTableNode;
import io.jhdf.LocalHeap;
import io.jhdf.Superblock;
import io.jhdf.SymbolTableEntry;
import io.jhdf.btree.BTreeV1;
import io.jhdf.btree.BTreeV2;
import io.jhdf.btree.record.LinkNameForIndexedGroupRecord;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.message.LinkMessage;
import io.jhdf.object.message.LinkMessage.LinkType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lists the names and addresses in a group, ordered by name. Only hard links are followed, so a
 * bundle cannot refer to other files.
 */
final class HdfGroup {

  private static final int SOFT_LINK = 2;

  private HdfGroup() {}

  static HdfObject root(HdfStorage storage) {
    Superblock superblock = storage.getSuperblock();
    long address;
    if (superblock instanceof Superblock.SuperblockV0V1 old) {
      long entry = old.getRootGroupSymbolTableAddress() - old.getBaseAddressByte();
      address = new SymbolTableEntry(storage, entry).getObjectHeaderAddress();
    } else if (superblock instanceof Superblock.SuperblockV2V3 current) {
      address = current.getRootGroupObjectHeaderAddress();
    } else {
      throw new HdfException(
          "superblock version " + superblock.getVersionOfSuperblock() + " is not supported");
    }
    return HdfObject.read(storage, address);
  }

  static SortedMap<String, Long> list(HdfStorage storage, HdfObject group) {
    storage.startStructure();
    SortedMap<String, Long> children = new TreeMap<>();
    if (group.has(HdfObject.SYMBOL_TABLE)) {
      listSymbolTable(storage, group.require(HdfObject.SYMBOL_TABLE), children);
    } else {
      for (ByteBuffer link : group.all(HdfObject.LINK)) {
        add(LinkMessage.fromBuffer(link, storage.getSuperblock()), children);
      }
      if (group.has(HdfObject.LINK_INFO)) {
        listDense(storage, group.require(HdfObject.LINK_INFO), children);
      }
    }
    return children;
  }

  private static void listSymbolTable(
      HdfStorage storage, ByteBuffer message, SortedMap<String, Long> children) {
    long tree = HdfObject.unsigned(message, storage.getSizeOfOffsets());
    long heap = HdfObject.unsigned(message, storage.getSizeOfOffsets());
    ByteBuffer names = new LocalHeap(storage, heap).getDataBuffer();
    for (long node : BTreeV1.createGroupBTree(storage, tree).getChildAddresses()) {
      for (SymbolTableEntry entry :
          new GroupSymbolTableNode(storage, node).getSymbolTableEntries()) {
        if (entry.getCacheType() != SOFT_LINK) {
          children.put(name(names, entry.getLinkNameOffset()), entry.getObjectHeaderAddress());
        }
      }
    }
  }

  private static String name(ByteBuffer names, int offset) {
    int end = offset;
    while (names.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - offset];
    names.get(offset, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void listDense(
      HdfStorage storage, ByteBuffer message, SortedMap<String, Long> children) {
    message.get();
    boolean ordered = (message.get() & 1) != 0;
    message.position(message.position() + (ordered ? 8 : 0));
    long heapAddress = HdfObject.unsigned(message, storage.getSizeOfOffsets());
    long treeAddress = HdfObject.unsigned(message, storage.getSizeOfOffsets());
    if (treeAddress == HdfStorage.UNDEFINED) {
      return;
    }
    FractalHeap heap = new FractalHeap(storage, heapAddress);
    BTreeV2<LinkNameForIndexedGroupRecord> tree = new BTreeV2<>(storage, treeAddress);
    for (LinkNameForIndexedGroupRecord record : tree.getRecords()) {
      add(LinkMessage.fromBuffer(heap.getId(record.getId()), storage.getSuperblock()), children);
    }
  }

  private static void add(LinkMessage link, SortedMap<String, Long> children) {
    if (link.getLinkType() == LinkType.HARD) {
      children.put(link.getLinkName(), link.getHardLinkAddress());
    }
  }
}
