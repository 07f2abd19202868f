package io.refinery.console.config;

import io.refinery.engine.Device;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads a device. SmallRye takes an interface for a group of settings unless it is told how. */
public final class DeviceConverter implements Converter<Device> {

  private static final long serialVersionUID = 1L;

  @Override
  public Device convert(String text) {
    return Device.parse(text);
  }
}
