package io.refinery.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.json.Json;
import io.refinery.trainer.evaluation.Estimate;
import io.refinery.trainer.evaluation.EvaluationReport;
import io.refinery.trainer.evaluation.EvaluationReport.Discriminator;
import io.refinery.trainer.evaluation.EvaluationReport.Distance;
import io.refinery.trainer.evaluation.EvaluationReport.Images;
import io.refinery.trainer.evaluation.EvaluationReport.Omission;
import io.refinery.trainer.evaluation.EvaluationReport.Realism;
import io.refinery.trainer.evaluation.EvaluationResult;
import io.refinery.trainer.plan.EvaluationPlan;
import io.refinery.trainer.plan.EvaluationPlan.Point;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {

  private static final ImageShape SHAPE = new ImageShape(1, 6, 8);
  private static final String NASTY =
      "<script>alert('&')</script>\"><img src=http://evil.example/>";

  @TempDir Path folder;

  @Test
  void userSuppliedNamesAreEscapedEverywhere() throws Exception {
    String page = page(NASTY);
    assertThat(page)
        .doesNotContain("<script", "<img src=http")
        .contains("&lt;script&gt;alert(", "&quot;&gt;&lt;img");
  }

  @Test
  void thePageReferencesNothingOutsideItself() throws Exception {
    Matcher addresses =
        Pattern.compile("(?:src|href|url|action|data)\\s*[=(]\\s*[\"']?([^\"'\\s>]{1,40})")
            .matcher(page("eyes"));
    List<String> found = new ArrayList<>();
    while (addresses.find()) {
      found.add(addresses.group(1));
    }
    assertThat(found)
        .hasSizeGreaterThan(5)
        .allSatisfy(address -> assertThat(address).startsWith("data:image/png;base64,"));
    assertThat(page("eyes")).doesNotContain("<link", "@import", "<script");
  }

  @Test
  void everyPictureIsThereAndPreviewsAreInOrder() throws Exception {
    String page = page("eyes");
    Matcher pictures =
        Pattern.compile("data:image/png;base64,([A-Za-z0-9+/=]+)\" alt=\"([^\"]+)\"").matcher(page);
    List<String> captions = new ArrayList<>();
    while (pictures.find()) {
      byte[] png = Base64.getDecoder().decode(pictures.group(1));
      assertThat(ImageIO.read(new ByteArrayInputStream(png))).as(pictures.group(2)).isNotNull();
      captions.add(pictures.group(2));
    }
    assertThat(captions).startsWith("after 100 steps", "after 200 steps").hasSize(7);
  }

  @Test
  void figuresHaveIntervalsAndSkippedPartsHaveReasons() throws Exception {
    assertThat(page("eyes"))
        .contains("0.750", "0.700 to 0.800", "Kernel distance, gain", "1.0e-05")
        .contains("gaze: No labelled real images were given.")
        .contains("&quot;locatorSteps&quot;");
  }

  @Test
  void bothFilesAreWrittenAndTheFiguresCanBeReadBack() throws Exception {
    ReportPage.write(folder, content("eyes"), evaluated("iris"));
    assertThat(folder.resolve(ReportPage.FILE)).content().startsWith("<!DOCTYPE html>");
    EvaluationReport read =
        Json.mapper()
            .readValue(folder.resolve(ReportPage.JSON_FILE).toFile(), EvaluationReport.class);
    assertThat(read).isEqualTo(evaluated("iris").report());
  }

  private String page(String name) throws Exception {
    return ReportPage.page(content(name), evaluated(name));
  }

  private ReportPage.Content content(String name) throws Exception {
    Path png = folder.resolve("picture.png");
    Files.write(png, Preview.png(List.of(new Preview.Column("one", images(2)))));
    Map<String, Path> previews = new LinkedHashMap<>();
    previews.put("after 100 steps", png);
    previews.put("after 200 steps", png);
    return new ReportPage.Content(
        name, Map.of("synthetic images", name), "real", Optional.of(png), previews);
  }

  private static EvaluationResult evaluated(String name) {
    Estimate estimate = new Estimate(0.75, 0.7, 0.8);
    Distance distance =
        new Distance(
            estimate,
            new Estimate(1e-5, -1, 1),
            estimate,
            0.1,
            Optional.of(estimate),
            Optional.of(estimate));
    EvaluationReport report =
        new EvaluationReport(
            new EvaluationPlan(List.of(Point.of(name)), "look_vec", 1, 1, 1, 1, 10, 10),
            1,
            new Images(2, 2, 5, 5, 0),
            new Discriminator(
                estimate,
                estimate,
                2,
                3,
                Collections.nCopies(6, 0.2),
                List.of(0., .1, .2, .5, .9, 1.)),
            estimate,
            Optional.empty(),
            Optional.of(new Realism(24, 2, 2, distance, distance)),
            Optional.empty(),
            Optional.empty(),
            List.of(
                new Omission("labels", "There is no label " + name + "_x."),
                new Omission("gaze", "No labelled real images were given.")));
    return new EvaluationResult(
        report, images(2), images(2), images(2), Collections.nCopies(48, 12.5));
  }

  private static ImageBatch images(int count) {
    return new ImageBatch(count, SHAPE, new float[count * SHAPE.values()]);
  }
}
