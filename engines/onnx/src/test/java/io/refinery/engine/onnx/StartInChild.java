package io.refinery.engine.onnx;

import io.refinery.engine.Availability.Available;
import io.refinery.engine.Device;

/** A program that exits with 0 if the engine starts. */
public final class StartInChild {

  private StartInChild() {}

  public static void main(String[] arguments) {
    boolean available = new OnnxRefiningEngine().availability(Device.cpu()) instanceof Available;
    System.exit(available ? 0 : 1);
  }
}
