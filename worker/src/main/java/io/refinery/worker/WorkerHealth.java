package io.refinery.worker;

import io.refinery.status.Health;
import io.refinery.status.Status;
import java.util.Map;
import java.util.Optional;

/**
 * How a worker is.
 *
 * @param status DOWN where the device is lost or jobs are no longer taken; DEGRADED where a version
 *     is refused: a channel may be served with an older one
 * @param engine runtime and version, and its precision where that is not full
 * @param serving which version each channel is served with
 * @param refused why versions are refused, by version
 * @param lost why the device is lost to this process, which then ends
 */
public record WorkerHealth(
    Status status,
    String worker,
    String engine,
    String device,
    Map<String, String> serving,
    Map<String, String> refused,
    Optional<String> lost)
    implements Health {}
