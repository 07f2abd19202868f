package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchLibrariesTest {

  @ParameterizedTest
  @ValueSource(strings = {"libcudart.so.13", "libcudnn.so.9", "libcurand.so.10"})
  void aMissingCudaLibraryIsNamedWithWhatToDo(String library) {
    assertThat(TorchLibraries.sentence(notFound(library)))
        .startsWith(library + " is missing")
        .contains("CUDA 13, cuDNN 9")
        .contains("LD_LIBRARY_PATH");
  }

  @Test
  void aMissingDriverLibraryMeansThatThereIsNoDriver() {
    assertThat(TorchLibraries.sentence(notFound("libcuda.so.1"))).contains("no NVIDIA driver");
  }

  @Test
  void anyOtherErrorIsPassedOn() {
    assertThat(TorchLibraries.sentence(new UnsatisfiedLinkError("no jnitorch")))
        .contains("does not load on")
        .contains("no jnitorch");
  }

  /** As JavaCPP throws it: the dynamic loader's error is the cause. */
  private static Throwable notFound(String library) {
    return new UnsatisfiedLinkError("no jnitorch_cuda in java.library.path: /lib")
        .initCause(
            new UnsatisfiedLinkError(
                "/cache/libjnitorch_cuda.so: "
                    + library
                    + ": cannot open shared object file: No such file or directory"));
  }
}
