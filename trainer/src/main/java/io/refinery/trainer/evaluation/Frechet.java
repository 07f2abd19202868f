package io.refinery.trainer.evaluation;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * The squared Frechet distance between two Gaussians fitted to features (arXiv 1706.08500, section
 * 1): {@code |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2))}. It is biased upwards for few images,
 * equally for sets of the same size.
 */
final class Frechet {

  /** A Gaussian: mean, covariance, and the covariance's root. */
  static final class Gaussian {

    private final double[] mean;
    private final DMatrixRMaj covariance;
    private final DMatrixRMaj root;

    private Gaussian(double[] mean, DMatrixRMaj covariance) {
      this.mean = mean;
      this.covariance = covariance;
      this.root = root(covariance);
    }

    /** Fits the rows of {@code features} given by {@code rows}: at least two, possibly repeated. */
    static Gaussian of(double[][] features, int[] rows) {
      int size = features[0].length;
      double[] mean = new double[size];
      for (int row : rows) {
        for (int i = 0; i < size; i++) {
          mean[i] += features[row][i] / rows.length;
        }
      }
      DMatrixRMaj covariance = new DMatrixRMaj(size, size);
      for (int row : rows) {
        double[] one = features[row];
        for (int i = 0; i < size; i++) {
          for (int j = 0; j < size; j++) {
            covariance.data[i * size + j] +=
                (one[i] - mean[i]) * (one[j] - mean[j]) / (rows.length - 1);
          }
        }
      }
      return new Gaussian(mean, covariance);
    }
  }

  private Frechet() {}

  static double distance(Gaussian one, Gaussian other) {
    double means = 0;
    for (int i = 0; i < one.mean.length; i++) {
      means += (one.mean[i] - other.mean[i]) * (one.mean[i] - other.mean[i]);
    }
    // The trace of (C1 C2)^(1/2) is that of the root of the symmetric C1^(1/2) C2 C1^(1/2).
    DMatrixRMaj half = new DMatrixRMaj(one.root.numRows, one.root.numCols);
    DMatrixRMaj product = new DMatrixRMaj(one.root.numRows, one.root.numCols);
    CommonOps_DDRM.mult(one.root, other.covariance, half);
    CommonOps_DDRM.mult(half, one.root, product);
    EigenDecomposition_F64<DMatrixRMaj> eigen = eigen(product);
    double cross = 0;
    for (int i = 0; i < product.numRows; i++) {
      cross += Math.sqrt(Math.max(0, eigen.getEigenvalue(i).getReal()));
    }
    return means
        + CommonOps_DDRM.trace(one.covariance)
        + CommonOps_DDRM.trace(other.covariance)
        - 2 * cross;
  }

  private static DMatrixRMaj root(DMatrixRMaj covariance) {
    EigenDecomposition_F64<DMatrixRMaj> eigen = eigen(covariance);
    DMatrixRMaj root = new DMatrixRMaj(covariance.numRows, covariance.numCols);
    for (int i = 0; i < covariance.numRows; i++) {
      // Rounding can make the zero eigenvalues of a singular covariance negative.
      double scale = Math.sqrt(Math.max(0, eigen.getEigenvalue(i).getReal()));
      DMatrixRMaj vector = eigen.getEigenVector(i);
      CommonOps_DDRM.multAddTransB(scale, vector, vector, root);
    }
    return root;
  }

  private static EigenDecomposition_F64<DMatrixRMaj> eigen(DMatrixRMaj matrix) {
    DMatrixRMaj symmetric = new DMatrixRMaj(matrix.numRows, matrix.numCols);
    CommonOps_DDRM.transpose(matrix, symmetric);
    CommonOps_DDRM.add(0.5, matrix, 0.5, symmetric, symmetric);
    EigenDecomposition_F64<DMatrixRMaj> eigen =
        DecompositionFactory_DDRM.eig(matrix.numRows, true, true);
    if (!eigen.decompose(symmetric)) {
      throw new IllegalStateException("Cannot compute the eigenvalues of a covariance matrix");
    }
    return eigen;
  }
}
