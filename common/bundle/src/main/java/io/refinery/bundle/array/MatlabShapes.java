package io.refinery.bundle.array;

/** The dimensions of arrays of MATLAB. */
final class MatlabShapes {

  private MatlabShapes() {}

  /**
   * Returns an array with the dimensions that MATLAB shows. A vector, which is 1 x N or N x 1
   * there, has one dimension.
   *
   * @param stored with elements in MATLAB's order: the first dimension varies fastest
   */
  static NamedArray turned(NamedArray stored, int[] dims) {
    boolean vector = dims.length == 2 && (dims[0] == 1 || dims[1] == 1);
    int[] shown = vector ? new int[] {dims[0] * dims[1]} : dims;
    return NamedArray.ofColumnMajor(stored, shown);
  }
}
