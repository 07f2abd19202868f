package io.refinery.trainer;

import io.refinery.bundle.BundleException;
import io.refinery.engine.AdversarialPair;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageShape;
import io.refinery.registry.ChannelPointer;
import io.refinery.registry.LocalModel;
import io.refinery.registry.Manifest;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelRegistry;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.ResolvedModel;
import io.refinery.trainer.evaluation.Evaluation;
import io.refinery.trainer.evaluation.EvaluationInput;
import io.refinery.trainer.evaluation.EvaluationResult;
import io.refinery.trainer.feed.Domain;
import io.refinery.trainer.plan.TrainingPlan;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Evaluates a trained pair and compares it with the version that is currently served. */
final class EvaluationRunner {

  private final Optional<PublicationTarget> store;
  private final Path cache;
  private final EngineOptions engineOptions;

  EvaluationRunner(Optional<PublicationTarget> store, Path cache, EngineOptions engineOptions) {
    this.store = store;
    this.cache = cache;
    this.engineOptions = engineOptions;
  }

  EvaluationResult evaluate(TrainingContext job, OpenDomains domains, AdversarialPair pair)
      throws BundleException {
    Optional<ResolvedModel> served = served(job, domains.shape());
    if (served.isEmpty()) {
      return Evaluation.evaluate(subject(job, domains, pair, Optional.empty()));
    }
    Device device = job.request().device();
    RefiningEngine engine =
        EngineSelection.refining(EngineSelection.AUTO, device, engineOptions).engine();
    try (LocalModel local = fetch(served.get(), engine);
        Refiner stable = engine.refiner(local.refiner(), device, Precision.FULL)) {
      return Evaluation.evaluate(subject(job, domains, pair, Optional.of(stable)));
    }
  }

  private LocalModel fetch(ResolvedModel model, RefiningEngine engine) {
    Set<String> files = Set.of(engine.file(Precision.FULL).fileName());
    return store.orElseThrow().registry().fetch(model, cache, files);
  }

  private static EvaluationInput subject(
      TrainingContext job, OpenDomains domains, AdversarialPair pair, Optional<Refiner> stable) {
    ImageShape shape = domains.shape();
    TrainingPlan plan = job.plan(shape);
    return new EvaluationInput(
        job.sources().synthetic()::open,
        Set.copyOf(domains.synthetic().heldOut().positions()),
        job.sources().real()::open,
        Set.copyOf(domains.real().heldOut().positions()),
        job.sources().labelledReal().map((Domain labelled) -> labelled::open),
        plan.feed().equalise(),
        pair::refine,
        pair::discriminate,
        plan.patches(shape),
        stable.map(refiner -> refiner::refine),
        job.selection().engine(),
        job.request().device(),
        plan.evaluation(),
        plan.seed());
  }

  /** The version that the gate's channel points to, if it refines the same kind of images. */
  private Optional<ResolvedModel> served(TrainingContext job, ImageShape shape) {
    if (store.isEmpty()) {
      return Optional.empty();
    }
    ModelRegistry registry = store.get().registry();
    String model = job.request().model();
    ChannelPointer pointer = registry.channels(model).get(store.get().gate().channel());
    return Optional.ofNullable(pointer)
        .map(to -> new ModelVersion(model, to.version()))
        .filter(
            version -> {
              Manifest manifest = registry.manifest(version);
              return manifest.shape().channels() == shape.channels()
                  && manifest.preprocessing() == job.preprocessing();
            })
        .map(version -> registry.resolve(new ModelReference.ToVersion(version)));
  }
}
