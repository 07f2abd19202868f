package io.refinery.trainer.report;

import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.AdversarialPair.RefinerLoss;
import io.refinery.trainer.event.TrainingEvent.AdversarialStep;
import io.refinery.trainer.event.TrainingEvent.DiscriminatorPretrained;
import io.refinery.trainer.event.TrainingEvent.RefinerPretrained;
import io.refinery.trainer.event.TrainingEvent.Step;
import io.refinery.trainer.plan.Schedule.Phase;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** Writes the losses of every step as CSV; losses that a phase does not have are left empty. */
public final class LossLog implements AutoCloseable {

  /** Its name among a version's files. */
  public static final String FILE = "losses.csv";

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180
          .builder()
          .setRecordSeparator('\n')
          .setHeader(
              "phase",
              "step",
              "refiner_loss",
              "refiner_adversarial",
              "refiner_self_regularisation",
              "discriminator_loss",
              "discriminator_real",
              "discriminator_refined")
          .get();

  private final CSVPrinter printer;

  private LossLog(CSVPrinter printer) {
    this.printer = printer;
  }

  /** Starts a new file, replacing an existing one. */
  public static LossLog begin(Path csv) throws IOException {
    return new LossLog(new CSVPrinter(Files.newBufferedWriter(csv), FORMAT));
  }

  /** Appends to a file. */
  public static LossLog resume(Path csv) throws IOException {
    return new LossLog(
        new CSVPrinter(
            Files.newBufferedWriter(csv, StandardOpenOption.APPEND),
            FORMAT.builder().setSkipHeaderRecord(true).get()));
  }

  /**
   * Reads the steps of a file; losses are bit for bit those written.
   *
   * @param plan of the training
   */
  public static void read(Path csv, TrainingPlan plan, Consumer<Step> steps) throws IOException {
    try (CSVParser rows =
        FORMAT.builder().setSkipHeaderRecord(true).get().parse(Files.newBufferedReader(csv))) {
      for (CSVRecord row : rows) {
        steps.accept(step(row, plan));
      }
    }
  }

  private static Step step(CSVRecord row, TrainingPlan plan) {
    Phase phase = Phase.valueOf(row.get("phase").toUpperCase(Locale.ROOT));
    int number = Integer.parseInt(row.get("step"));
    int of = plan.schedule().of(phase);
    return switch (phase) {
      case REFINER_PRETRAINING ->
          new RefinerPretrained(number, of, value(row, "refiner_self_regularisation"));
      case DISCRIMINATOR_PRETRAINING -> new DiscriminatorPretrained(number, of, discriminator(row));
      case ADVERSARIAL ->
          new AdversarialStep(
              number,
              of,
              new RefinerLoss(
                  value(row, "refiner_adversarial"),
                  value(row, "refiner_self_regularisation"),
                  plan.losses().lambda()),
              discriminator(row));
    };
  }

  private static DiscriminatorLoss discriminator(CSVRecord row) {
    return new DiscriminatorLoss(
        value(row, "discriminator_loss"),
        value(row, "discriminator_real"),
        value(row, "discriminator_refined"));
  }

  private static double value(CSVRecord row, String column) {
    return Double.parseDouble(row.get(column));
  }

  /** Writes everything added so far to the file. */
  public void flush() throws IOException {
    printer.flush();
  }

  public void add(Step step) throws IOException {
    List<Object> row = new ArrayList<>();
    row.add(step.phase().name().toLowerCase(Locale.ROOT));
    row.add(step.number());
    if (step instanceof RefinerPretrained pretrained) {
      row.addAll(List.of("", "", pretrained.selfRegularisation()));
      row.addAll(Collections.nCopies(3, ""));
    } else if (step instanceof DiscriminatorPretrained pretrained) {
      row.addAll(Collections.nCopies(3, ""));
      row.addAll(values(pretrained.discriminator()));
    } else if (step instanceof AdversarialStep both) {
      row.addAll(values(both.refiner()));
      row.addAll(values(both.discriminator()));
    }
    printer.printRecord(row);
  }

  private static List<Double> values(RefinerLoss loss) {
    return List.of(loss.total(), loss.adversarial(), loss.selfRegularisation());
  }

  private static List<Double> values(DiscriminatorLoss loss) {
    return List.of(loss.total(), loss.real(), loss.refined());
  }

  @Override
  public void close() throws IOException {
    printer.close();
  }
}
