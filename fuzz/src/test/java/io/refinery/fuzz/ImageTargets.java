package io.refinery.fuzz;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Parsers of image files, and of the tables and JSON files beside them, each in a sound ZIP. */
final class ImageTargets {

  private static final int PNG_SIGNATURE = 8;

  private ImageTargets() {}

  static List<FuzzTarget> all(Path folder) throws IOException {
    FuzzTarget.Reading bundles = BundleTargets.reading(folder);
    return List.of(
        image("png", ImageTargets::withPngChecksums, bundles),
        image("jpg", UnaryOperator.identity(), bundles),
        image("bmp", UnaryOperator.identity(), bundles),
        image("gif", UnaryOperator.identity(), bundles),
        image("tif", UnaryOperator.identity(), bundles),
        image("webp", UnaryOperator.identity(), bundles),
        table("table", List.of(".csv", ".tsv", ".txt"), bundles),
        table("sidecar", List.of(".json"), bundles));
  }

  private static FuzzTarget image(
      String format, UnaryOperator<byte[]> repair, FuzzTarget.Reading bundles) {
    return new FuzzTarget(
        format,
        Fixtures.read("images", "." + format),
        BundleTargets.BYTES,
        repair,
        input -> bundles.read(zip(Map.of("image." + format, input))));
  }

  /** The last byte of an input selects the ZIP whose table it replaces. */
  private static FuzzTarget table(String name, List<String> endings, FuzzTarget.Reading bundles)
      throws IOException {
    List<Map<String, byte[]>> zips = new ArrayList<>();
    List<String> tables = new ArrayList<>();
    List<byte[]> seeds = new ArrayList<>();
    for (byte[] zip : Fixtures.read("tables", ".zip")) {
      Map<String, byte[]> entries = unzip(zip);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        if (endings.stream().anyMatch(entry.getKey()::endsWith)) {
          byte[] seed = Arrays.copyOf(entry.getValue(), entry.getValue().length + 1);
          seed[seed.length - 1] = (byte) zips.size();
          seeds.add(seed);
          zips.add(entries);
          tables.add(entry.getKey());
          break;
        }
      }
    }
    return new FuzzTarget(
        name,
        seeds,
        BundleTargets.BYTES,
        input -> {
          int last = Math.max(0, input.length - 1);
          int chosen = input.length == 0 ? 0 : Math.floorMod(input[last], zips.size());
          Map<String, byte[]> entries = new LinkedHashMap<>(zips.get(chosen));
          entries.put(tables.get(chosen), Arrays.copyOf(input, last));
          bundles.read(zip(entries));
        });
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static Map<String, byte[]> unzip(byte[] zip) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream stream = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = stream.getNextEntry(); entry != null; entry = stream.getNextEntry()) {
        entries.put(entry.getName(), stream.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }

  private static byte[] withPngChecksums(byte[] file) {
    ByteBuffer png = ByteBuffer.wrap(file);
    for (long at = PNG_SIGNATURE; at + 12 <= file.length; ) {
      long data = Integer.toUnsignedLong(png.getInt((int) at));
      if (at + 12 + data > file.length) {
        break;
      }
      CRC32 crc = new CRC32();
      crc.update(file, (int) at + 4, (int) data + 4);
      png.putInt((int) (at + 8 + data), (int) crc.getValue());
      at += 12 + data;
    }
    return file;
  }
}
