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
 * The format of a pair's state that engines share: a header with what the layout depends on, then
 * the parts of R and D.
 */
public final class PairState {

  /** The state of one network, in the engine's own format. */
  public interface Part {

    /** Writes parameters, moments and the number of updates. */
    void save(DataOutputStream out) throws IOException;

    /**
     * Reads what {@link #save} wrote.
     *
     * @return an action that applies it, to be run once the whole state has been read
     * @throws EOFException when the data is truncated
     */
    Runnable load(DataInputStream in) throws IOException;
  }

  private final String layout;
  private final Part refiner;
  private final Part discriminator;

  /**
   * Describes the state of a pair.
   *
   * @param engine the name of the only engine that can read the parts
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

  /** Writes the state; does not close {@code out}. */
  public void save(OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out));
    data.writeUTF(layout);
    refiner.save(data);
    discriminator.save(data);
    data.flush();
  }

  /**
   * Restores what {@link #save} wrote. Does not close {@code in}, and may read past the state.
   *
   * @throws IOException when the state belongs to another pair or is truncated; the pair is then
   *     unchanged
   */
  public void load(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(new BufferedInputStream(in));
    String saved = data.readUTF();
    if (!saved.equals(layout)) {
      throw new IOException("This is the state of a different pair: " + saved + ", not " + layout);
    }
    Runnable ofRefiner = refiner.load(data);
    Runnable ofDiscriminator = discriminator.load(data);
    ofRefiner.run();
    ofDiscriminator.run();
  }
}
