package io.refinery.console.dead;

import io.refinery.broker.DeadLetter;
import io.refinery.message.Job;
import io.refinery.message.JobPriority;
import io.refinery.message.ParsedMessage;
import io.refinery.message.ParsedMessage.Accepted;
import io.refinery.message.ParsedMessage.Rejected;
import io.refinery.message.Topics;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The job of a dead letter, to be sent again. Its id is fresh, because the old one stands for the
 * failure for ever, and follows from the position of the dead message: however often a letter is
 * replayed, it is one job.
 */
final class Replay {

  private static final Pattern POSITION = Pattern.compile("-(\\d+)@(\\d+)$");
  private static final Pattern EARLIER = Pattern.compile("-again-\\d+\\.\\d+$");
  private static final int LONGEST_ID = 128;

  private Replay() {}

  /** Thrown for a letter whose message cannot be sent again as it is; says why in a clause. */
  static final class NotReplayableException extends Exception {
    private static final long serialVersionUID = 1L;

    NotReplayableException(String why) {
      super(why);
    }
  }

  /**
   * Returns the job to send.
   *
   * @param deadline a new deadline for a job that has one
   */
  static Job job(DeadLetter letter, Optional<Instant> deadline) throws NotReplayableException {
    Optional<byte[]> message = letter.message();
    if (message.isEmpty()) {
      throw new NotReplayableException(
          "it was too large to be kept whole; the original is at " + letter.origin());
    }
    ParsedMessage<Job> read = Job.read(Optional.of(letter.id()), message.get());
    if (read instanceof Rejected<Job> rejected) {
      throw new NotReplayableException("it is not a job: " + rejected.message());
    }
    Job job = ((Accepted<Job>) read).request();
    Job again =
        job.withId(id(letter))
            .withDeadline(job.deadline().map(earlier -> deadline.orElse(earlier)));
    if (again.deadline().filter(Instant.now()::isAfter).isPresent()) {
      throw new NotReplayableException(
          "its deadline, " + again.deadline().get() + ", has passed: give a new one by --deadline");
    }
    return again;
  }

  /** Returns the priority that the message had. */
  static JobPriority priority(DeadLetter letter, Topics topics) {
    return topics.priority(POSITION.matcher(letter.origin()).replaceFirst(""));
  }

  /** Returns the id under which a letter is replayed. */
  static String id(DeadLetter letter) {
    Matcher position = POSITION.matcher(letter.origin());
    String suffix =
        position.find()
            ? "-again-%s.%s".formatted(position.group(1), position.group(2))
            : "-again-%d.%d".formatted(letter.record().partition(), letter.record().offset());
    String base = EARLIER.matcher(letter.id()).replaceFirst("");
    return base.substring(0, Math.min(base.length(), LONGEST_ID - suffix.length())) + suffix;
  }
}
