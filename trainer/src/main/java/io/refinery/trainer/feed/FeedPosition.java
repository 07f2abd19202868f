package io.refinery.trainer.feed;

/**
 * How far a feed is.
 *
 * @param epoch times that its domain was gone through before, from 0
 * @param taken images handed out since that epoch began; may reach into the next one
 */
public record FeedPosition(long epoch, long taken) {

  public static final FeedPosition START = new FeedPosition(0, 0);
}
