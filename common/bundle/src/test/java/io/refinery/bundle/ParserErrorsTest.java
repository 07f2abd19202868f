package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ParserErrorsTest {

  private final IOException full = new IOException("No space left on device");

  @Test
  void aTemporaryFileThatCannotBeWrittenDoesNotMakeTheBundleUnreadable() {
    assertThatThrownBy(
            () ->
                ParserErrors.guard(
                    "The HDF5 file",
                    () -> {
                      throw new HdfException("odd", new HdfSpoolException(full));
                    }))
        .isInstanceOf(HdfSpoolException.class)
        .hasMessageContaining("A temporary file")
        .hasRootCause(full);
  }

  @Test
  void aFileThatCannotBeReadIsUnreadable() {
    assertThatThrownBy(
            () ->
                ParserErrors.guard(
                    "The HDF5 file",
                    () -> {
                      throw new IOException("it ends");
                    }))
        .isInstanceOfSatisfying(
            BundleException.class, e -> assertThat(e.fault()).isEqualTo(BundleFault.UNREADABLE));
  }
}
