package io.refinery.trainer.feed;

/**
 * The position of a feed.
 *
 * @param epoch number of completed passes through the domain, from 0
 * @param taken images handed out since that epoch began; may reach into the next one
 */
public record FeedPosition(long epoch, long taken) {

  public static final FeedPosition START = new FeedPosition(0, 0);
}
