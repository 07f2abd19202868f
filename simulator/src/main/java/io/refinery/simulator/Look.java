package io.refinery.simulator;

/** How an eye is rendered; an eye has the same labels in every look. */
public enum Look {
  /** Plainly rendered: smooth skin, flat shading, crisp lids. */
  SYNTHETIC("synthetic"),
  /** As a small camera would see it: texture, lashes, shadows, blur, noise, compression. */
  CAMERA("camera (simulated, no photographs)");

  private final String description;

  Look(String description) {
    this.description = description;
  }

  /** Returns the name to show with its images. */
  public String description() {
    return description;
  }
}
