/**
 * Finds, fetches and decodes bundles and draws mini-batches from them. Changes to images that only
 * the evaluation needs do not belong here.
 */
package io.refinery.trainer.feed;
