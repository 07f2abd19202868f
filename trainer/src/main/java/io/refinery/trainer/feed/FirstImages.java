package io.refinery.trainer.feed;

import java.util.List;

/**
 * Figures about the images that fill a feed's window first, in the domain's order: the i-th is the
 * domain's i-th image, counted from 0 over all its bundles.
 *
 * @param whole whether they are all images of the domain
 */
public record FirstImages(List<ImageFigures> images, boolean whole) {

  public FirstImages {
    images = List.copyOf(images);
  }

  public int count() {
    return images.size();
  }
}
