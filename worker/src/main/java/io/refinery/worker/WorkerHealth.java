package io.refinery.worker;

import io.refinery.status.Health;
import io.refinery.status.Status;
import java.util.Map;
import java.util.Optional;

/**
 * The health of a worker.
 *
 * @param status DOWN if the device is lost or the worker takes no jobs, also during an outage;
 *     DEGRADED if a version is refused, since a channel may be served with an older one
 * @param engine runtime and version, and the precision unless it is full
 * @param serving the version that each channel is served with
 * @param refused why versions are refused, by version
 * @param outage why the broker or the store cannot be used
 * @param lost why this process has lost the device; the process then ends
 */
public record WorkerHealth(
    Status status,
    String worker,
    String engine,
    String device,
    Map<String, String> serving,
    Map<String, String> refused,
    Optional<String> outage,
    Optional<String> lost)
    implements Health {}
