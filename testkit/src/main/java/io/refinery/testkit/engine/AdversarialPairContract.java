package io.refinery.testkit.engine;

/** The contract of every engine's pair. */
public interface AdversarialPairContract
    extends PairNetworkContract, PairUpdateContract, PairStateContract {}
