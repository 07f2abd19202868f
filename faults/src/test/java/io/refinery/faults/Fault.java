package io.refinery.faults;

/** A fault that the schedule may bring about, in one of three places. */
enum Fault {
  KILL_WORKER(Place.WORKER),
  FREEZE_WORKER(Place.WORKER),
  STOP_WORKER(Place.WORKER),
  FILL_WORKER(Place.WORKER),

  KILL_NODE(Place.BROKER),
  FREEZE_NODE(Place.BROKER),
  STOP_NODE(Place.BROKER),
  FILL_NODE(Place.BROKER),
  /** All nodes at once. */
  KILL_BROKER(Place.BROKER),

  KILL_STORE(Place.STORE),
  STORE_DELAYS(Place.STORE),
  STORE_CUTS(Place.STORE),
  STORE_FLIPS(Place.STORE),
  STORE_DENIES(Place.STORE),
  STORE_FAILS(Place.STORE),
  STORE_IS_BUSY(Place.STORE),
  STORE_REFUSES(Place.STORE),
  STORE_HANGS(Place.STORE),
  STORE_IS_FULL(Place.STORE);

  /** Faults of one place follow each other; those of two places overlap. */
  enum Place {
    WORKER,
    BROKER,
    STORE
  }

  private final Place place;

  Fault(Place place) {
    this.place = place;
  }

  Place place() {
    return place;
  }
}
