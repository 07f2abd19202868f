/** Trains and refines with libtorch, PyTorch's library in C++, by its JavaCPP bindings. */
package io.refinery.engine.torch;
