package io.refinery.testkit.engine;

/** What every engine's pair promises. */
public interface AdversarialPairContract
    extends PairNetworkContract, PairUpdateContract, PairStateContract {}
