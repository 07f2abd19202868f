package io.refinery.trainer.report;

import io.refinery.engine.AdversarialPair.DiscriminatorLoss;
import io.refinery.engine.AdversarialPair.RefinerLoss;
import io.refinery.trainer.event.TrainingEvent.AdversarialStep;
import io.refinery.trainer.event.TrainingEvent.DiscriminatorPretrained;
import io.refinery.trainer.event.TrainingEvent.RefinerPretrained;
import io.refinery.trainer.event.TrainingEvent.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes the losses of every step as CSV; a loss that a phase does not have is left empty. */
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

  public LossLog(Path csv) throws IOException {
    printer = new CSVPrinter(Files.newBufferedWriter(csv), FORMAT);
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
