package io.refinery.message;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The formats that a job can request for its refined bundle. */
public enum OutputFormat {
  HDF5,
  ZIP;

  /** Returns the name in messages: {@code hdf5} or {@code zip}. */
  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
