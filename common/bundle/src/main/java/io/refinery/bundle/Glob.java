package io.refinery.bundle;

import java.util.BitSet;

/**
 * A pattern of paths: {@code ?} is a character and {@code *} any number of them, within a folder;
 * {@code **} also crosses folders. A pattern without {@code /} is one of file names. Takes time
 * proportional to the lengths of pattern and path, whatever a user writes.
 */
final class Glob {

  /** Stands for {@code **} before a slash, together with that slash, or for nothing. */
  private static final char FOLDERS = '\uE000';

  /** Stands for the rest of {@link #FOLDERS} once it is more than nothing. */
  private static final char IN_FOLDERS = '\uE001';

  /** Stands for {@code **} elsewhere. */
  private static final char ANYTHING = '\uE002';

  private final String tokens;

  Glob(String pattern) {
    String whole = pattern.contains("/") ? pattern : "**/" + pattern;
    this.tokens =
        whole
            .replace("**/", String.valueOf(FOLDERS) + IN_FOLDERS)
            .replace("**", String.valueOf(ANYTHING));
  }

  boolean matches(String path) {
    BitSet states = new BitSet(tokens.length() + 1);
    enter(states, 0);
    for (int i = 0; i < path.length() && !states.isEmpty(); i++) {
      BitSet next = new BitSet(tokens.length() + 1);
      for (int at = states.nextSetBit(0); at >= 0; at = states.nextSetBit(at + 1)) {
        if (at < tokens.length()) {
          step(next, at, path.charAt(i));
        }
      }
      states = next;
    }
    return states.get(tokens.length());
  }

  /** Adds the states after token {@code at} takes a character. */
  private void step(BitSet next, int at, char character) {
    char token = tokens.charAt(at);
    boolean within = character != '/';
    if (token == IN_FOLDERS || token == ANYTHING || (token == '*' && within)) {
      enter(next, at);
    }
    boolean passes =
        token == '?' ? within : token == IN_FOLDERS ? !within : token == character && token != '*';
    if (passes) {
      enter(next, at + 1);
    }
  }

  /** Adds a state, and those that follow it without a character. */
  private void enter(BitSet states, int at) {
    states.set(at);
    if (at == tokens.length()) {
      return;
    }
    char token = tokens.charAt(at);
    if (token == FOLDERS) {
      enter(states, at + 1);
      enter(states, at + 2);
    } else if (token == '*' || token == ANYTHING) {
      enter(states, at + 1);
    }
  }
}
