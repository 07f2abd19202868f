import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes a CUDA library smaller in transit. Overwrites code for unwanted compute capabilities with
 * zeros, so that the file keeps its layout, still loads, and compresses to a fraction. Changes the
 * file in place:
 *
 * <pre>java SlimCuda.java LIBRARY [CAPABILITY...]</pre>
 *
 * <p>Without a capability (90 for 9.0) it only lists what the library contains. The layout of a "fat
 * binary" is that of NVIDIA's fatbinary_section.h as tools that read it describe it: a magic
 * number, the size of the header and of what follows, then entries with kind (1 for PTX, 2 for
 * machine code), sizes and capability.
 */
final class SlimCuda {

  private static final int FATBIN_MAGIC = 0xBA55ED50;
  private static final int PTX = 1;

  /**
   * One binary in the library.
   *
   * @param capability 90 for 9.0
   * @param at offset of its {@code length} bytes
   */
  private record Binary(int kind, int capability, int at, int length) {
    String what() {
      return (kind == PTX ? "PTX" : "code") + " of " + capability;
    }
  }

  private final MappedByteBuffer library;
  private final List<Binary> binaries = new ArrayList<>();

  private SlimCuda(MappedByteBuffer library) {
    this.library = library;
    library.order(ByteOrder.LITTLE_ENDIAN);
  }

  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 0) {
      System.err.println("usage: java SlimCuda.java LIBRARY [CAPABILITY...]");
      System.exit(2);
    }
    Set<Integer> wanted = new TreeSet<>();
    for (int i = 1; i < arguments.length; i++) {
      wanted.add(Integer.valueOf(arguments[i]));
    }
    try (FileChannel file =
        FileChannel.open(
            Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      SlimCuda library =
          new SlimCuda(file.map(FileChannel.MapMode.READ_WRITE, 0, file.size()));
      library.readSections();
      library.list();
      if (!wanted.isEmpty() && !library.keep(wanted)) {
        System.err.println(arguments[0] + " has no code for " + wanted + " and is left unchanged");
        System.exit(1);
      }
    }
  }

  private void list() {
    binaries.stream()
        .collect(
            Collectors.groupingBy(
                Binary::what, TreeMap::new, Collectors.summingLong(Binary::length)))
        .forEach((what, bytes) -> System.out.printf("%s: %d MiB%n", what, bytes >> 20));
  }

  /** Erases everything else; returns false, and erases nothing, if there is nothing to keep. */
  private boolean keep(Set<Integer> wanted) {
    if (binaries.stream().noneMatch(binary -> wanted.contains(binary.capability()))) {
      return false;
    }
    for (Binary binary : binaries) {
      if (!wanted.contains(binary.capability())) {
        library.put(binary.at(), new byte[binary.length()]);
      }
    }
    return true;
  }

  /** Reads the sections of an ELF64 file that contain fat binaries. */
  private void readSections() {
    long table = library.getLong(0x28);
    int size = Short.toUnsignedInt(library.getShort(0x3A));
    int count = Short.toUnsignedInt(library.getShort(0x3C));
    int names = Short.toUnsignedInt(library.getShort(0x3E));
    int namesAt = offset(Math.addExact(table, (long) names * size));
    for (int section = 0; section < count; section++) {
      int header = Math.toIntExact(table + (long) section * size);
      if (text(namesAt + library.getInt(header)).equals(".nv_fatbin")) {
        readBinaries(offset(header), offset(header) + length(header));
      }
    }
  }

  private int offset(long header) {
    return Math.toIntExact(library.getLong(Math.toIntExact(header) + 0x18));
  }

  private int length(int header) {
    return Math.toIntExact(library.getLong(header + 0x20));
  }

  private String text(int at) {
    int end = at;
    while (library.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - at];
    library.get(at, bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private void readBinaries(int start, int end) {
    int at = start;
    while (at + 16 <= end) {
      if (library.getInt(at) != FATBIN_MAGIC) {
        at += 8;
        continue;
      }
      int header = Short.toUnsignedInt(library.getShort(at + 6));
      int stop = Math.toIntExact(at + header + library.getLong(at + 8));
      readEntries(at + header, stop);
      at = Math.max(stop, at + 16);
      at += (8 - at % 8) % 8;
    }
  }

  private void readEntries(int start, int stop) {
    int entry = start;
    while (entry < stop) {
      int kind = Short.toUnsignedInt(library.getShort(entry));
      int header = library.getInt(entry + 4);
      int payload = Math.toIntExact(library.getLong(entry + 8));
      int capability = library.getInt(entry + 28);
      if (payload == 0) {
        return;
      }
      binaries.add(new Binary(kind, capability, entry + header, payload));
      entry += header + payload;
    }
  }
}
