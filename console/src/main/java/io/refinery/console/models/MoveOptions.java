package io.refinery.console.models;

import io.refinery.console.config.ConfigurationException;
import io.refinery.registry.CurrentUser;
import io.refinery.registry.ModelReference;
import io.refinery.registry.MoveReason;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which channel somebody moves, who, and why. */
final class MoveOptions {

  @Option(
      names = "--channel",
      paramLabel = "CHANNEL",
      defaultValue = ModelReference.DEFAULT_CHANNEL,
      description = "Default ${DEFAULT-VALUE}.")
  private String channel;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why; `refinery models log` shows it.")
  private String reason;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who moves it; default your user's name and this machine's.")
  private Optional<String> by = Optional.empty();

  String channel() {
    return channel;
  }

  /**
   * @throws ConfigurationException when it is no move that can be kept
   */
  MoveReason move(MoveReason.Cause cause) {
    try {
      ModelReference.requireName(channel);
      return new MoveReason(cause, by.orElseGet(CurrentUser::current), reason);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }
}
