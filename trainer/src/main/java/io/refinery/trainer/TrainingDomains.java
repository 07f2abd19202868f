package io.refinery.trainer;

import io.refinery.bundle.BundleException;
import io.refinery.trainer.feed.BundleFiles;
import io.refinery.trainer.feed.Domain;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The resolved bundles of a training. */
record TrainingDomains(Domain synthetic, Domain real, Optional<Domain> labelledReal) {

  static TrainingDomains find(TrainingSpec request, BundleFiles bundles) throws BundleException {
    Domain synthetic = new Domain(request.synthetic(), bundles);
    Domain real = new Domain(request.real(), bundles);
    Optional<Domain> labelled =
        request.labelledReal().isPresent()
            ? Optional.of(new Domain(request.labelledReal().get(), bundles))
            : Optional.empty();
    return new TrainingDomains(synthetic, real, labelled);
  }

  /** Identifies the content that is trained on. */
  Identities identities() throws IOException {
    return new Identities(synthetic.identities(), real.identities());
  }

  record Identities(List<Domain.Identity> synthetic, List<Domain.Identity> real) {

    /** What identifies the images of both domains, for a checkpoint. */
    List<String> contents() {
      return Stream.concat(synthetic.stream(), real.stream())
          .map(Domain.Identity::selection)
          .toList();
    }
  }
}
