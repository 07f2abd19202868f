/**
 * The engine that refines and trains with libtorch (PyTorch's C++ library) through its JavaCPP
 * bindings: everything that calls libtorch, NNPACK or CUDA. Does not belong here: the training
 * algorithm, jobs, bundles and stores; the module depends only on the engine API.
 */
package io.refinery.engine.torch;
