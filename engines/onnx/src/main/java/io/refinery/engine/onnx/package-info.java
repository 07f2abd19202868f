/**
 * The engine that refines with ONNX Runtime: everything that calls ONNX Runtime. Does not belong
 * here: writing ONNX files, training, jobs, bundles and stores; the module depends only on the
 * engine API.
 */
package io.refinery.engine.onnx;
