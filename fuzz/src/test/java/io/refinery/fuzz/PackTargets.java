package io.refinery.fuzz;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.Provenance;
import io.refinery.bundle.array.ArrayFile;
import io.refinery.bundle.pack.PackOptions;
import io.refinery.bundle.pack.Packing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Parsers of what is packed into bundles: tars, and arrays of NumPy and MATLAB. */
final class PackTargets {

  /** Arrays are read whole and may be copied to turn their axes. */
  private static final long ARRAY_BYTES = 64L << 20;

  /** The library leaves garbage for every element of a chunk. */
  private static final long HDF5_BYTES = 1L << 30;

  /** Images of tars may have 4,096 pixels per side; they are decoded twice. */
  private static final long TAR_BYTES = 1L << 30;

  private static final PackOptions OPTIONS =
      new PackOptions(Optional.empty(), true, List.of(), Optional.empty(), List.of());

  private static final int MAT_HEADER = 128;
  private static final int MAT_COMPRESSED = 15;
  private static final int TAR_BLOCK = 512;
  private static final int TAR_CHECKSUM = 148;

  private final Path folder;

  private PackTargets(Path folder) {
    this.folder = folder;
  }

  static List<FuzzTarget> all(Path folder) throws IOException {
    PackTargets pack = new PackTargets(folder);
    List<byte[]> mat =
        Fixtures.read("arrays", ".mat").stream().filter(file -> file[0] == 'M').toList();
    List<byte[]> old = mat.stream().filter(file -> !isHdf5(file)).toList();
    List<byte[]> hdf5 = mat.stream().filter(PackTargets::isHdf5).toList();
    return List.of(
        new FuzzTarget(
            "npy",
            Fixtures.read("arrays", ".npy"),
            ARRAY_BYTES,
            input -> pack.arrays(input, "npy")),
        new FuzzTarget(
            "npz",
            Fixtures.read("arrays", ".npz"),
            ARRAY_BYTES,
            input -> pack.arrays(input, "npz")),
        new FuzzTarget("mat", old, ARRAY_BYTES, input -> pack.arrays(input, "mat")),
        new FuzzTarget(
            "mat-plain",
            old.stream().map(PackTargets::inflated).toList(),
            ARRAY_BYTES,
            input -> pack.arrays(input, "mat")),
        new FuzzTarget(
            "mat-deflated",
            old.stream().map(PackTargets::inflated).toList(),
            ARRAY_BYTES,
            input -> pack.arrays(deflated(input), "mat")),
        new FuzzTarget("mat-73", hdf5, HDF5_BYTES, input -> pack.arrays(input, "mat")),
        new FuzzTarget("tar", List.of(tar()), TAR_BYTES, PackTargets::withTarChecksums, pack::tar));
  }

  private void arrays(byte[] input, String ending) throws IOException {
    Path file = Files.write(folder.resolve("arrays." + ending), input);
    try {
      ArrayFile.read(file);
      pack(file);
    } catch (BundleException e) {
      Fixtures.requireSentence(e);
    }
  }

  private void tar(byte[] input) throws IOException {
    Path file = Files.write(folder.resolve("images.tar"), input);
    try {
      pack(file);
    } catch (BundleException e) {
      Fixtures.requireSentence(e);
    }
    try (Stream<Path> files = Files.list(folder)) {
      if (files.anyMatch(path -> path.getFileName().toString().startsWith("."))) {
        throw new IllegalStateException("A temporary file is left behind");
      }
    }
  }

  private void pack(Path file) throws BundleException, IOException {
    Packing.pack(
        file, folder.resolve("packed.h5"), OPTIONS, new Provenance(Map.of()), (done, of) -> {});
  }

  private static byte[] tar() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] image = Fixtures.read("images", "gray.png").get(0);
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      add(tar, "a/1.png", image);
      add(tar, "a/2.png", image);
      add(tar, "a/labels.csv", "file,x\n1.png,1\n2.png,2\n".getBytes(StandardCharsets.UTF_8));
      add(tar, "long/".repeat(40) + ".txt", image);
    }
    return bytes.toByteArray();
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  /** Repairs the checksum of every block that looks like a header. */
  private static byte[] withTarChecksums(byte[] file) {
    for (int block = 0; block + TAR_BLOCK <= file.length; block += TAR_BLOCK) {
      if (!new String(file, block + 257, 5, StandardCharsets.US_ASCII).equals("ustar")) {
        continue;
      }
      int sum = 8 * ' ';
      for (int i = 0; i < TAR_BLOCK; i++) {
        sum += i >= TAR_CHECKSUM && i < TAR_CHECKSUM + 8 ? 0 : file[block + i] & 0xFF;
      }
      byte[] text = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(text, 0, file, block + TAR_CHECKSUM, 8);
    }
    return file;
  }

  private static boolean isHdf5(byte[] file) {
    return file.length > 520 && file[513] == 'H' && file[514] == 'D' && file[515] == 'F';
  }

  /** Returns a file of version 5 with its variables not compressed. */
  private static byte[] inflated(byte[] file) {
    ByteBuffer source = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(MAT_HEADER);
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    plain.write(file, 0, MAT_HEADER);
    while (source.remaining() >= 8) {
      int type = source.getInt();
      int bytes = source.getInt();
      if (type == MAT_COMPRESSED) {
        Inflater inflater = new Inflater();
        inflater.setInput(file, source.position(), bytes);
        byte[] chunk = new byte[1 << 16];
        try {
          for (int n = inflater.inflate(chunk); n > 0; n = inflater.inflate(chunk)) {
            plain.write(chunk, 0, n);
          }
        } catch (DataFormatException e) {
          throw new IllegalStateException(e);
        } finally {
          inflater.end();
        }
      } else {
        plain.write(file, source.position() - 8, bytes + 8);
      }
      source.position(source.position() + bytes);
    }
    return plain.toByteArray();
  }

  /** Returns a file with everything after its header as one compressed variable. */
  private static byte[] deflated(byte[] plain) {
    if (plain.length < MAT_HEADER) {
      return plain;
    }
    Deflater deflater = new Deflater();
    deflater.setInput(plain, MAT_HEADER, plain.length - MAT_HEADER);
    deflater.finish();
    byte[] bytes = new byte[plain.length + 1024];
    int length = deflater.deflate(bytes);
    deflater.end();
    List<Integer> tag = new ArrayList<>(List.of(MAT_COMPRESSED, length));
    ByteBuffer file = ByteBuffer.allocate(MAT_HEADER + 8 + length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(plain, 0, MAT_HEADER);
    tag.forEach(file::putInt);
    return file.put(bytes, 0, length).array();
  }
}
