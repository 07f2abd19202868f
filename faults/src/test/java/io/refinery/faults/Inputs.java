package io.refinery.faults;

import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo.PixelType;
import io.refinery.bundle.BundleWriter;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Label;
import io.refinery.bundle.Provenance;
import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.ObjectStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The bundles that jobs name.
 *
 * @param sound bundles of mixed size, in both formats, that can be refined
 * @param broken a bundle of which the second half is missing
 * @param colour a bundle of colour images, which the gray model cannot refine
 * @param missing the address of no object
 */
record Inputs(List<ObjectRef> sound, ObjectRef broken, ObjectRef colour, ObjectRef missing) {

  static final ImageShape SHAPE = new ImageShape(1, 14, 22);

  private static final ImageShape IN_COLOUR = new ImageShape(3, 14, 22);
  private static final List<Integer> SIZES = List.of(1, 2, 5, 10, 20, 40, 80, 160, 320, 640);
  private static final int LABELS = 3;

  /** Bundles at the end of {@link #sound} that take a second or longer. */
  private static final int LARGE = 4;

  /** Makes and uploads the bundles, different ones for every seed. */
  static Inputs upload(ObjectStorage storage, String bucket, Path folder, long seed)
      throws IOException {
    Random random = new Random(seed);
    List<ObjectRef> sound = new ArrayList<>();
    for (int size : SIZES) {
      for (BundleFormat format : BundleFormat.values()) {
        Path file = folder.resolve("sound-" + size + "." + format.extension());
        write(file, format, SHAPE, size, random);
        sound.add(put(storage, bucket, file));
      }
    }
    Path whole = folder.resolve("whole.h5");
    write(whole, BundleFormat.HDF5, SHAPE, 50, random);
    byte[] bytes = Files.readAllBytes(whole);
    Path broken = folder.resolve("broken.h5");
    Files.write(broken, Arrays.copyOf(bytes, bytes.length / 2));
    Path colour = folder.resolve("colour.h5");
    write(colour, BundleFormat.HDF5, IN_COLOUR, 5, random);
    return new Inputs(
        sound,
        put(storage, bucket, broken),
        put(storage, bucket, colour),
        new ObjectRef(bucket, "bundles/missing.h5"));
  }

  private static ObjectRef put(ObjectStorage storage, String bucket, Path file) {
    ObjectRef ref = new ObjectRef(bucket, "bundles/" + file.getFileName());
    storage.upload(ref, file);
    return ref;
  }

  private static void write(
      Path file, BundleFormat format, ImageShape shape, int count, Random random)
      throws IOException {
    float[] pixels = new float[count * shape.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(256) / 127.5f - 1;
    }
    float[] looks = new float[count * LABELS];
    for (int i = 0; i < looks.length; i++) {
      looks[i] = random.nextFloat() * 2 - 1;
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("image-" + random.nextInt(1 << 20) + "-" + i + ".png");
    }
    try (BundleWriter writer =
        Bundles.create(
            file,
            format,
            shape,
            count,
            PixelType.UINT8,
            List.of(Label.floats("look_vec", LABELS, looks), Label.strings("path", names)),
            new Provenance(Map.of()))) {
      writer.write(new ImageBatch(count, shape, pixels));
      writer.finish();
    }
  }

  /** Returns the input of a job. */
  ObjectRef of(JobKind kind, Random random) {
    return switch (kind) {
      case FINE, TWICE, REUSED, NOTJSON, REVOKED, LATE -> sound.get(random.nextInt(sound.size()));
      // Large, so that they still run when they are to end.
      case CANCELLED, SOON -> sound.get(sound.size() - 1 - random.nextInt(LARGE));
      case MISSING -> missing;
      case BROKEN -> broken;
      case COLOUR -> colour;
    };
  }
}
