import java.util.concurrent.CountDownLatch;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Prints the peak rate of fused multiply-adds of 32-bit floats in registers, on all cores together,
 * in GFLOP/s. It is a separate program because it needs an incubator module: {@code java
 * --add-modules jdk.incubator.vector PeakRate.java}.
 */
final class PeakRate {

  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;

  /** Independent sums, enough to fill the pipelines of two units with a latency of four cycles. */
  private static final int CHAINS = 12;

  private static final int TURNS = 5_000_000;
  private static final int ROUNDS = 8;

  private PeakRate() {}

  public static void main(String[] arguments) throws InterruptedException {
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      best = Math.max(best, round(Runtime.getRuntime().availableProcessors()));
    }
    System.out.println(best);
  }

  private static double round(int threads) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(threads);
    float[] sums = new float[threads];
    long start = System.nanoTime();
    for (int thread = 0; thread < threads; thread++) {
      int at = thread;
      new Thread(
              () -> {
                sums[at] = chains();
                done.countDown();
              })
          .start();
    }
    done.await();
    double seconds = (System.nanoTime() - start) / 1e9;
    return 2.0 * LANES.length() * CHAINS * TURNS * threads / seconds / 1e9;
  }

  private static float chains() {
    FloatVector x = FloatVector.broadcast(LANES, 0.999f);
    FloatVector y = FloatVector.broadcast(LANES, 0.001f);
    FloatVector a = x, b = y, c = x, d = y, e = x, f = y, g = x, h = y, i = x, j = y, k = x, l = y;
    for (int turn = 0; turn < TURNS; turn++) {
      a = a.fma(x, y);
      b = b.fma(x, y);
      c = c.fma(x, y);
      d = d.fma(x, y);
      e = e.fma(x, y);
      f = f.fma(x, y);
      g = g.fma(x, y);
      h = h.fma(x, y);
      i = i.fma(x, y);
      j = j.fma(x, y);
      k = k.fma(x, y);
      l = l.fma(x, y);
    }
    return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
  }
}
