package io.refinery.trainer.report;

import static j2html.TagCreator.body;
import static j2html.TagCreator.div;
import static j2html.TagCreator.document;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.head;
import static j2html.TagCreator.html;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.img;
import static j2html.TagCreator.li;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.section;
import static j2html.TagCreator.style;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.title;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.refinery.json.Json;
import io.refinery.trainer.evaluation.Estimate;
import io.refinery.trainer.evaluation.EvaluationReport;
import io.refinery.trainer.evaluation.EvaluationReport.Omission;
import io.refinery.trainer.evaluation.EvaluationResult;
import io.refinery.trainer.plan.EvaluationPlan;
import io.refinery.trainer.report.ReportFigures.Figure;
import j2html.tags.DomContent;
import j2html.tags.specialized.FigureTag;
import j2html.tags.specialized.TableTag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes an evaluation as one HTML file that needs no other files and no network. */
public final class ReportPage {

  /** Its name among a version's files. */
  public static final String FILE = "report.html";

  /** The same figures, for programs. */
  public static final String JSON_FILE = "report.json";

  /** Blocks all loading, even if a name could smuggle in an address. */
  private static final String POLICY =
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

  private static final String STYLE =
      """
      body { font: 16px/1.5 sans-serif; max-width: 62rem; margin: 0 auto; padding: 0 1rem 4rem; \
      color: #222; background: #fff }
      h1, h2 { line-height: 1.2 } h2 { margin-top: 2.5rem }
      img { max-width: 100%; height: auto } figure { margin: 1rem 0 }
      figcaption, .note { color: #555; font-size: .9rem }
      .wide { overflow-x: auto } table { border-collapse: collapse; font-size: .9rem }
      th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; \
      border-bottom: 1px solid #ddd }
      td.number { white-space: nowrap; font-variant-numeric: tabular-nums }
      pre { overflow-x: auto; background: #f5f5f5; padding: .8rem; font-size: .8rem }
      """;

  /**
   * What is shown beside the evaluation.
   *
   * @param title such as the model's name
   * @param facts about the training by name, in order: its data, engine, steps
   * @param realCaption caption of the real images: "real", or a better word if they are not
   *     photographs
   * @param losses picture of the loss curves
   * @param previews pictures of refined images by caption, from the first step to the last
   */
  public record Content(
      String title,
      Map<String, String> facts,
      String realCaption,
      Optional<Path> losses,
      Map<String, Path> previews) {}

  private ReportPage() {}

  /**
   * Writes {@link #FILE} and {@link #JSON_FILE} into {@code folder}.
   *
   * @throws IOException when a picture cannot be read or a file cannot be written
   */
  public static void write(Path folder, Content content, EvaluationResult evaluated)
      throws IOException {
    Files.write(
        folder.resolve(JSON_FILE),
        Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(evaluated.report()));
    Files.writeString(folder.resolve(FILE), page(content, evaluated));
  }

  static String page(Content content, EvaluationResult evaluated) throws IOException {
    EvaluationReport report = evaluated.report();
    return document(
        html(
                head(
                    meta().withCharset("utf-8"),
                    meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                    meta().attr("http-equiv", "Content-Security-Policy").withContent(POLICY),
                    title(content.title()),
                    style(rawHtml(STYLE))),
                body(
                    h1(content.title()),
                    facts(content.facts()),
                    figures(report),
                    omissions(report.omitted()),
                    progress(content),
                    changes(content, evaluated),
                    discriminator(report),
                    plan(report.plan())))
            .withLang("en"));
  }

  private static DomContent facts(Map<String, String> facts) {
    return wide(
        table(tbody(each(facts.entrySet(), fact -> tr(th(fact.getKey()), td(fact.getValue()))))));
  }

  private static DomContent figures(EvaluationReport report) {
    EvaluationReport.Images images = report.images();
    return section(
        h2("Figures"),
        p(("Measured on held-out images: %d synthetic, %d real. The measuring networks were"
                    + " trained on %d and %d other images. Intervals are 95 %%, from %d bootstrap"
                    + " resamples of the images; few images make wide intervals.")
                .formatted(
                    images.syntheticHeldOut(),
                    images.realHeldOut(),
                    images.syntheticTraining(),
                    images.realTraining(),
                    report.plan().resamples()))
            .withClass("note"),
        wide(
            table(
                thead(
                    tr(
                        th("figure"),
                        th("value"),
                        th("95 % interval"),
                        th("better"),
                        th("meaning"))),
                tbody(each(ReportFigures.of(report), ReportPage::row)))),
        iff(
            report.realism(),
            realism ->
                p(("Distances use %d features of a small network trained on this data, and compare"
                            + " %d real and %d other images. Use them only to compare versions on"
                            + " the same data. With few images, all Frechet distances are too"
                            + " large.")
                        .formatted(realism.features(), realism.realImages(), realism.otherImages()))
                    .withClass("note")));
  }

  private static DomContent row(Figure figure) {
    Estimate value = figure.value();
    String unit = figure.unit().isEmpty() ? "" : " " + figure.unit();
    return tr(
        td(figure.name()),
        td(NumberFormats.text(value.value()) + unit).withClass("number"),
        td(NumberFormats.text(value.low()) + " to " + NumberFormats.text(value.high()))
            .withClass("number"),
        td(figure.better()),
        td(figure.meaning()));
  }

  private static DomContent omissions(List<Omission> omitted) {
    return iff(
        !omitted.isEmpty(),
        section(
            h2("Left out of this evaluation"),
            ul(each(omitted, omission -> li(omission.part() + ": " + omission.reason())))));
  }

  private static DomContent progress(Content content) throws IOException {
    List<FigureTag> pictures = new ArrayList<>();
    for (Map.Entry<String, Path> preview : content.previews().entrySet()) {
      pictures.add(picture(Files.readAllBytes(preview.getValue()), preview.getKey()));
    }
    if (content.losses().isPresent()) {
      pictures.add(
          picture(
              Files.readAllBytes(content.losses().get()),
              "Losses. In a good training neither network wins: D's losses stay close to each"
                  + " other and above 0."));
    }
    return iff(!pictures.isEmpty(), section(h2("Training"), each(pictures, one -> one)));
  }

  private static DomContent changes(Content content, EvaluationResult evaluated)
      throws IOException {
    return section(
        h2("What refinement changes"),
        picture(
            EvaluationPictures.changes(evaluated, content.realCaption()),
            "Change: refined minus synthetic, amplified "
                + EvaluationPictures.ENLARGED
                + " times; gray: no change, white: brighter, black: darker."),
        picture(
            EvaluationPictures.meanChange(evaluated),
            "Frames along the borders and regularly spaced patterns are artefacts."));
  }

  private static DomContent discriminator(EvaluationReport report) throws IOException {
    return section(
        h2("Where the discriminator looks"),
        p("Mean over held-out images. White patches: D cannot tell real from refined.")
            .withClass("note"),
        picture(EvaluationPictures.patches(report.discriminator(), false), "Refined images"),
        picture(EvaluationPictures.patches(report.discriminator(), true), "Real images"));
  }

  private static DomContent plan(EvaluationPlan plan) throws JsonProcessingException {
    return section(
        h2("Evaluation plan"),
        pre(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(plan)));
  }

  private static DomContent wide(TableTag table) {
    return div(table).withClass("wide");
  }

  private static FigureTag picture(byte[] png, String caption) {
    return figure(
        img()
            .withSrc("data:image/png;base64," + Base64.getEncoder().encodeToString(png))
            .withAlt(caption),
        figcaption(caption));
  }
}
