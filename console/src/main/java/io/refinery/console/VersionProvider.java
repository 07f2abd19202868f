package io.refinery.console;

import picocli.CommandLine.IVersionProvider;

/** The version of the jar this runs from; the build's class folders have none. */
final class VersionProvider implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Refinery.class.getPackage().getImplementationVersion();
    return new String[] {
      "refinery " + (version == null ? "built from source" : version), "Java " + Runtime.version()
    };
  }
}
