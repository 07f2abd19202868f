package io.refinery.message;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The forms in which a job can ask for its refined bundle. */
public enum OutputFormat {
  HDF5,
  ZIP;

  /** As messages name it: {@code hdf5} or {@code zip}. */
  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
