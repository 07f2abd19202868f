package io.refinery.engine;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * The form of a pair's state that engines share: what its layout depends on, R's part, D's part.
 */
public final class PairState {

  /** The state of one network, in a form of the engine's own. */
  public interface Part {

    /** Writes parameters, moments and the count of updates. */
    void save(DataOutputStream out) throws IOException;

    /**
     * Reads what {@link #save} wrote.
     *
     * @return takes it back, once all of a state has been read
     * @throws EOFException where it ends too early
     */
    Runnable load(DataInputStream in) throws IOException;
  }

  private final String layout;
  private final Part refiner;
  private final Part discriminator;

  /**
   * @param engine the name of the only engine that understands the parts
   */
  public PairState(String engine, PairSpec spec, Part refiner, Part discriminator) {
    this.layout =
        "refinery.%s.pair/1 ".formatted(engine)
            + List.of(
                spec.refiner(),
                spec.discriminator(),
                spec.refinerOptimizer(),
                spec.discriminatorOptimizer());
    this.refiner = refiner;
    this.discriminator = discriminator;
  }

  /** Writes the state; {@code out} stays open. */
  public void save(OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out));
    data.writeUTF(layout);
    refiner.save(data);
    discriminator.save(data);
    data.flush();
  }

  /**
   * Takes back what {@link #save} wrote; {@code in} stays open, and may have been read beyond it.
   *
   * @throws IOException where it is the state of another pair or ends too early, which changes
   *     nothing
   */
  public void load(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(new BufferedInputStream(in));
    String saved = data.readUTF();
    if (!saved.equals(layout)) {
      throw new IOException("This is the state of another pair: " + saved + ", not " + layout);
    }
    Runnable ofRefiner = refiner.load(data);
    Runnable ofDiscriminator = discriminator.load(data);
    ofRefiner.run();
    ofDiscriminator.run();
  }
}
