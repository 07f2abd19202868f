package io.refinery.console.models;

import io.refinery.console.config.ConfigurationException;
import io.refinery.registry.CurrentUser;
import io.refinery.registry.ModelReference;
import io.refinery.registry.MoveReason;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of a channel move: which channel, who moves it, and why. */
final class MoveOptions {

  @Option(
      names = "--channel",
      paramLabel = "CHANNEL",
      defaultValue = ModelReference.DEFAULT_CHANNEL,
      description = "Channel to move; default ${DEFAULT-VALUE}.")
  private String channel;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Reason, shown by `refinery models log`.")
  private String reason;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who moves it; default your user name and host name.")
  private Optional<String> by = Optional.empty();

  String channel() {
    return channel;
  }

  /**
   * Returns the move's cause, author and reason.
   *
   * @throws ConfigurationException if the channel name, author or reason is invalid
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
