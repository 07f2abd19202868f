package io.refinery.console.cli;

/** The command by which the user started this program, for messages that suggest the next one. */
public final class TypedCommand {

  /** Property, set by the launcher: {@code bin/refinery} in a release, say. */
  private static final String PROPERTY = "refinery.command";

  private TypedCommand() {}

  /** Returns the command, without arguments; that of a checkout if no launcher started this JVM. */
  public static String get() {
    return System.getProperty(PROPERTY, "./refinery");
  }
}
