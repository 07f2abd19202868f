package io.refinery.trainer.checkpoint;

import io.refinery.engine.AdversarialPair;
import io.refinery.json.Json;
import io.refinery.trainer.algorithm.HistoryBuffer;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Reads and writes checkpoints as ZIP files: {@code progress.json}, the engine-specific state of
 * networks and optimisers, the history buffer, and the records written so far.
 */
public final class CheckpointFile {

  private static final String PROGRESS = "progress.json";
  private static final String PAIR = "pair.bin";
  private static final String HISTORY = "history.bin";
  private static final String RECORDS = "records/";

  private CheckpointFile() {}

  /**
   * Writes a checkpoint between two steps.
   *
   * @param records files that a resumed training continues or publishes
   */
  public static void write(
      Path file,
      CheckpointMetadata progress,
      AdversarialPair pair,
      HistoryBuffer history,
      Collection<Path> records)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      // Weights and noise hardly compress.
      zip.setLevel(Deflater.BEST_SPEED);
      zip.putNextEntry(new ZipEntry(PROGRESS));
      zip.write(Json.write(progress));
      zip.putNextEntry(new ZipEntry(PAIR));
      pair.saveState(new Unclosed(zip));
      zip.putNextEntry(new ZipEntry(HISTORY));
      DataOutputStream data = new DataOutputStream(zip);
      history.save(data);
      data.flush();
      for (Path recorded : records) {
        zip.putNextEntry(new ZipEntry(RECORDS + recorded.getFileName()));
        Files.copy(recorded, zip);
      }
    }
  }

  /** Reads a checkpoint's metadata. */
  public static CheckpointMetadata progress(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile());
        InputStream in = entry(zip, PROGRESS)) {
      return Json.mapper().readValue(in, CheckpointMetadata.class);
    }
  }

  /**
   * Reads a checkpoint to its end and compares checksums, which the other methods do not.
   *
   * @throws IOException when it is damaged
   */
  static void requireSound(Path file) throws IOException {
    CheckpointMetadata unused = progress(file);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        CRC32 checksum = new CRC32();
        try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), checksum)) {
          in.transferTo(OutputStream.nullOutputStream());
        }
        if (checksum.getValue() != entry.getCrc()) {
          throw new IOException(entry.getName() + " has another checksum than it was written with");
        }
      }
    }
  }

  /**
   * Restores networks, optimisers, history buffer and records.
   *
   * @param folder for the records, which replace files of the same names
   * @return the records
   */
  public static List<Path> restore(
      Path file, AdversarialPair pair, HistoryBuffer history, Path folder) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      try (InputStream in = entry(zip, PAIR)) {
        pair.loadState(in);
      }
      try (DataInputStream in = new DataInputStream(entry(zip, HISTORY))) {
        history.load(in);
      }
      return records(zip, folder);
    }
  }

  private static List<Path> records(ZipFile zip, Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> records = new ArrayList<>();
    for (ZipEntry entry : Collections.list(zip.entries())) {
      if (entry.getName().startsWith(RECORDS)) {
        Path record = folder.resolve(Path.of(entry.getName()).getFileName());
        try (InputStream in = zip.getInputStream(entry)) {
          Files.copy(in, record, StandardCopyOption.REPLACE_EXISTING);
        }
        records.add(record);
      }
    }
    return records;
  }

  private static InputStream entry(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new IOException(zip.getName() + " is not a checkpoint: it has no " + name);
    }
    return zip.getInputStream(entry);
  }

  /** Keeps the ZIP open when an engine closes its stream. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
