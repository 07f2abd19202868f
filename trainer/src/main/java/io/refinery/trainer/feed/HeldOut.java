package io.refinery.trainer.feed;

import io.refinery.image.ImageBatch;
import java.util.List;

/**
 * Images that are kept from training.
 *
 * @param images in the order of the domain's bundles
 * @param positions of each in its domain, counted from 0 over all bundles; rising
 */
public record HeldOut(ImageBatch images, List<Long> positions) {}
