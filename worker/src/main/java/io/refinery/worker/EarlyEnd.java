package io.refinery.worker;

import io.refinery.message.JobResult;

/** Why a try of a job ends before its work is done. */
sealed interface EarlyEnd {

  /** The job has a result: it was cancelled, or another worker was faster. */
  record Settled(JobResult result) implements EarlyEnd {}
}
