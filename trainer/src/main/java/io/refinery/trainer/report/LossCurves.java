package io.refinery.trainer.report;

import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.trainer.event.TrainingEvent.AdversarialStep;
import io.refinery.trainer.event.TrainingEvent.DiscriminatorPretrained;
import io.refinery.trainer.event.TrainingEvent.RefinerPretrained;
import io.refinery.trainer.event.TrainingEvent.Step;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The losses of both networks over the adversarial steps, and of R over its pre-training. */
public final class LossCurves {

  /** Share of the steps in the window of the moving average. */
  private static final double SMOOTHING = 0.05;

  /** Share of the steps, at the end, whose mean losses go into the manifest. */
  private static final double LAST = 0.1;

  private static final String SELF_REGULARISATION = "lambda x self-regularisation";
  private static final List<Color> COLOURS =
      List.of(new Color(0x1B6CA8), new Color(0xD1495B), new Color(0x2E8B57));

  private final double lambda;
  private final Curve pretraining = new Curve();
  private final Map<String, Curve> refiner = new LinkedHashMap<>();
  private final Map<String, Curve> discriminator = new LinkedHashMap<>();

  public LossCurves(double lambda) {
    this.lambda = lambda;
  }

  public void add(Step step) {
    if (step instanceof RefinerPretrained pretrained) {
      pretraining.add(pretrained.number(), pretrained.selfRegularisation());
    } else if (step instanceof DiscriminatorPretrained pretrained) {
      addDiscriminator(pretrained.number() - pretrained.of(), pretrained.discriminator());
    } else if (step instanceof AdversarialStep both) {
      add(refiner, "total", both.number(), both.refiner().total());
      add(refiner, "adversarial", both.number(), both.refiner().adversarial());
      add(
          refiner,
          SELF_REGULARISATION,
          both.number(),
          lambda * both.refiner().selfRegularisation());
      addDiscriminator(both.number(), both.discriminator());
    }
  }

  private void addDiscriminator(int step, DiscriminatorLoss loss) {
    add(discriminator, "total", step, loss.total());
    add(discriminator, "on real", step, loss.real());
    add(discriminator, "on refined", step, loss.refined());
  }

  private static void add(Map<String, Curve> curves, String name, int step, double value) {
    curves.computeIfAbsent(name, unused -> new Curve()).add(step, value);
  }

  /** Mean losses of the last tenth of the adversarial steps; empty if there were none. */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    if (refiner.isEmpty()) {
      return metrics;
    }
    metrics.put("refiner.loss", refiner.get("total").meanOfLast(LAST));
    metrics.put("refiner.loss.adversarial", refiner.get("adversarial").meanOfLast(LAST));
    metrics.put(
        "refiner.loss.self-regularisation", refiner.get(SELF_REGULARISATION).meanOfLast(LAST));
    metrics.put("discriminator.loss", discriminator.get("total").meanOfLast(LAST));
    metrics.put("discriminator.loss.real", discriminator.get("on real").meanOfLast(LAST));
    metrics.put("discriminator.loss.refined", discriminator.get("on refined").meanOfLast(LAST));
    return metrics;
  }

  /** Draws the charts one below the other: pre-training of R if there was any, then R, then D. */
  public void write(Path png) throws IOException {
    List<XYChart> charts =
        Stream.of(
                chart("Refiner, pre-training", Map.of("self-regularisation", pretraining)),
                chart("Refiner", refiner),
                chart("Discriminator (steps below 0: pre-training)", discriminator))
            .filter(chart -> !chart.getSeriesMap().isEmpty())
            .toList();
    try (var out = Files.newOutputStream(png)) {
      BitmapEncoder.saveBitmap(charts, charts.size(), 1, out, BitmapFormat.PNG);
    }
  }

  private static XYChart chart(String title, Map<String, Curve> curves) {
    XYChart chart =
        new XYChartBuilder()
            .width(1000)
            .height(380)
            .title(title)
            .xAxisTitle("step")
            .yAxisTitle("loss")
            .build();
    chart
        .getStyler()
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Horizontal)
        .setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setXAxisDecimalPattern("#,###");
    int colour = 0;
    for (Map.Entry<String, Curve> entry : curves.entrySet()) {
      if (!entry.getValue().isEmpty()) {
        draw(chart, entry.getKey(), entry.getValue(), COLOURS.get(colour));
      }
      colour++;
    }
    return chart;
  }

  private static void draw(XYChart chart, String name, Curve curve, Color colour) {
    Color faint = new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 70);
    line(chart.addSeries(name + ", every step", curve.steps(), curve.values()), faint, 1)
        .setShowInLegend(false);
    line(chart.addSeries(name, curve.steps(), curve.movingAverage(SMOOTHING)), colour, 2.5f);
  }

  private static XYSeries line(XYSeries series, Color colour, float width) {
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(colour);
    series.setLineStyle(new BasicStroke(width));
    return series;
  }
}
