package io.refinery.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What was measured over a soak, at equal intervals. */
final class Soak {

  private final List<Double> seconds = new ArrayList<>();
  private final List<Double> results = new ArrayList<>();
  private final List<Double> mebibytes = new ArrayList<>();

  /**
   * Adds a sample.
   *
   * @param second since the start
   * @param done results so far
   * @param memory resident memory of all workers, in MiB
   */
  void add(double second, int done, double memory) {
    seconds.add(second);
    results.add((double) done);
    mebibytes.add(memory);
  }

  double jobsPerSecond() {
    int last = seconds.size() - 1;
    return results.get(last) / seconds.get(last);
  }

  /**
   * Returns the median memory of one quarter of the run, in MiB; needs four samples.
   *
   * @param quarter 0 to 3
   */
  double memory(int quarter) {
    int size = mebibytes.size();
    List<Double> part = mebibytes.subList(size * quarter / 4, size * (quarter + 1) / 4);
    return part.stream().sorted().toList().get(part.size() / 2);
  }

  /** Draws results and memory over time. */
  void draw(Path png) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(500)
            .title("Soak, %.0f jobs per second".formatted(jobsPerSecond()))
            .xAxisTitle("seconds")
            .build();
    chart.setYAxisGroupTitle(0, "results");
    chart.setYAxisGroupTitle(1, "resident memory of all workers, MiB");
    chart.addSeries("results", seconds, results).setMarker(SeriesMarkers.NONE);
    chart.addSeries("memory", seconds, mebibytes).setMarker(SeriesMarkers.NONE).setYAxisGroup(1);
    chart.getStyler().setYAxisMin(1, 0.0);
    BitmapEncoder.saveBitmap(chart, png.toString(), BitmapFormat.PNG);
  }
}
