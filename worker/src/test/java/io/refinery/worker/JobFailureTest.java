package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleFault;
import io.refinery.message.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobFailureTest {

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOT_GRAY")
  void everyBundleFaultHasTheErrorCodeOfTheSameName(BundleFault fault) {
    assertThat(JobFailure.code(fault).name()).isEqualTo(fault.name());
  }

  @Test
  void colourWhereTheModelIsGrayMeansThatTheModelDoesNotFit() {
    assertThat(JobFailure.code(BundleFault.NOT_GRAY)).isEqualTo(ErrorCode.MODEL_DOES_NOT_FIT);
  }
}
