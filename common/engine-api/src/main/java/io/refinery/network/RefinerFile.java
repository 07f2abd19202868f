package io.refinery.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The file forms of a model version's refiner; an engine reads one of them. */
public enum RefinerFile {
  /** Tensors named as in PyTorch; every version has this file. */
  WEIGHTS("refiner.safetensors"),
  /** The network with its weights, in single precision. */
  ONNX("refiner.onnx"),
  /**
   * The network in half precision; only versions that lose nothing visible by it have this file.
   */
  HALF_ONNX("refiner-half.onnx");

  private final String fileName;

  RefinerFile(String fileName) {
    this.fileName = fileName;
  }

  /** Returns the file's name, the same in every version. */
  public String fileName() {
    return fileName;
  }

  /** Writes a refiner in this form. */
  public void write(RefinerNetwork network, Weights weights, Path path) throws IOException {
    switch (this) {
      case WEIGHTS -> Safetensors.write(weights, Map.of(), path);
      case ONNX -> OnnxRefiner.write(network, weights, path);
      case HALF_ONNX -> OnnxRefiner.writeHalf(network, weights, path);
    }
  }
}
