package io.refinery.trainer;

import io.refinery.registry.ModelRegistry;
import io.refinery.storage.ObjectStorage;

/**
 * Where trainings keep things beyond this machine.
 *
 * @param objects for bundles that are read and checkpoints; stays the caller's
 * @param bucket of the checkpoints
 * @param registry to publish to and to take parents from
 */
public record TrainingStore(ObjectStorage objects, String bucket, ModelRegistry registry) {}
