package io.refinery.faults;

/** What a {@link FaultProxy} does to requests. */
enum ProxyMode {
  /** Changes nothing. */
  PASS,
  /** Holds back some parts of responses. */
  DELAY,
  /** Closes some connections, also in the middle of a response. */
  CUT,
  /** Changes one byte of some responses' bodies. */
  FLIP,
  /** Answers 403 to everything. */
  DENY,
  /** Answers 500 to everything. */
  FAIL,
  /** Answers 503 to everything. */
  BUSY,
  /** Closes connections at once. */
  REFUSE,
  /** Accepts connections and never answers. */
  HANG,
  /** Refuses writes as a store with a full disk does. */
  FULL
}
