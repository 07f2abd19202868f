package io.refinery.trainer.feed;

import io.refinery.image.ImageBatch;
import java.util.List;

/**
 * Images that are held out from training.
 *
 * @param images in the order of the domain's bundles
 * @param positions the position of each image in its domain, counted from 0 over all bundles;
 *     ascending
 */
public record HeldOut(ImageBatch images, List<Long> positions) {}
