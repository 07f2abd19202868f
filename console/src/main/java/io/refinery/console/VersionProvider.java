package io.refinery.console;

import picocli.CommandLine.IVersionProvider;

/** Reads the version from the jar's manifest; a build that runs from class folders has none. */
final class VersionProvider implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Refinery.class.getPackage().getImplementationVersion();
    return new String[] {
      "refinery " + (version == null ? "built from source" : version), "Java " + Runtime.version()
    };
  }
}
