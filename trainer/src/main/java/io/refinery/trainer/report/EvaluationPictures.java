package io.refinery.trainer.report;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.trainer.evaluation.EvaluationReport.Discriminator;
import io.refinery.trainer.evaluation.EvaluationResult;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.style.HeatMapStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** The pictures of an evaluation, each the bytes of a PNG file. */
final class EvaluationPictures {

  private static final Color[] DIVERGING = {new Color(0x1B6CA8), Color.WHITE, new Color(0xD1495B)};
  private static final Color[] RISING = {Color.WHITE, new Color(0xE9A23B), new Color(0x8B1E3F)};
  private static final int WIDTH = 520;

  /** Factor by which a change is amplified to make it visible. */
  static final int ENLARGED = 4;

  private EvaluationPictures() {}

  /** Some images before and after refinement, the change, and real images beside them. */
  static byte[] changes(EvaluationResult evaluated, String realCaption) throws IOException {
    return Preview.png(
        List.of(
            new Preview.Column("synthetic", evaluated.synthetic()),
            new Preview.Column("refined", evaluated.refined()),
            new Preview.Column("change", difference(evaluated)),
            new Preview.Column(realCaption, evaluated.real())));
  }

  /** Refined minus synthetic, around middle gray. */
  private static ImageBatch difference(EvaluationResult evaluated) {
    float[] before = evaluated.synthetic().pixels();
    float[] after = evaluated.refined().pixels();
    float[] difference = new float[before.length];
    for (int i = 0; i < before.length; i++) {
      difference[i] = Math.max(-1, Math.min(1, ENLARGED * (after[i] - before[i])));
    }
    return new ImageBatch(evaluated.synthetic().count(), evaluated.synthetic().shape(), difference);
  }

  /** Where images change, in levels of 255. */
  static byte[] meanChange(EvaluationResult evaluated) throws IOException {
    ImageShape shape = evaluated.synthetic().shape();
    return heat(
        "Mean absolute change, levels of 255",
        evaluated.change(),
        shape.width(),
        RISING,
        Math.max(1, Math.ceil(Collections.max(evaluated.change()))));
  }

  /** D's output for every patch: 0 real, 1 refined. */
  static byte[] patches(Discriminator discriminator, boolean real) throws IOException {
    return heat(
        "Probability that a patch is refined, " + (real ? "real" : "refined") + " images",
        real ? discriminator.onReal() : discriminator.onRefined(),
        discriminator.columns(),
        DIVERGING,
        1);
  }

  private static byte[] heat(
      String title, List<Double> values, int columns, Color[] colours, double most)
      throws IOException {
    int rows = values.size() / columns;
    HeatMapChart chart =
        new HeatMapChartBuilder()
            .width(WIDTH)
            .height(Math.max(200, 90 + (WIDTH - 120) * rows / columns))
            .title(title)
            .build();
    List<Number[]> cells = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      cells.add(new Number[] {i % columns, rows - 1 - i / columns, values.get(i)});
    }
    chart.addSeries("values", numbers(columns), numbers(rows), cells);
    HeatMapStyler styler = chart.getStyler();
    styler.setRangeColors(colours).setMin(0).setMax(most).setPiecewise(false);
    styler.setShowValue(false).setDrawBorder(false);
    styler.setPlotContentSize(1);
    styler.setAxisTicksVisible(false).setPlotGridLinesVisible(false);
    styler.setLegendPosition(LegendPosition.OutsideE).setChartBackgroundColor(Color.WHITE);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    BitmapEncoder.saveBitmap(chart, png, BitmapFormat.PNG);
    return png.toByteArray();
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
