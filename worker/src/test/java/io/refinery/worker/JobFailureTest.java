package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleFault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobFailureTest {

  @ParameterizedTest
  @EnumSource
  void everyBundleFaultHasTheErrorCodeOfTheSameName(BundleFault fault) {
    assertThat(JobFailure.code(fault).name()).isEqualTo(fault.name());
  }
}
