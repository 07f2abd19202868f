/** The format of checkpoints and their storage. When to save or resume is not decided here. */
package io.refinery.trainer.checkpoint;
