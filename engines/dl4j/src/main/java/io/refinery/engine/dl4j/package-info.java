/**
 * The engine that refines and trains with Deeplearning4j: everything that calls Deeplearning4j or
 * ND4J. Does not belong here: the training algorithm, jobs, bundles and stores; the module depends
 * only on the engine API.
 */
package io.refinery.engine.dl4j;
