package io.refinery.faults;

import java.util.List;

/**
 * What an auditor found.
 *
 * @param accepted jobs and cancellations that the broker accepted, by id
 * @param succeeded jobs that succeeded
 * @param failed jobs that failed, as they had to
 * @param cancelled those of them that were cancelled
 * @param late those of them that ended at their deadline
 * @param lost jobs without a result
 * @param different results that differ from an earlier one of the same id
 * @param repeated results that repeat an earlier one of the same id
 * @param deadLetters dead letters
 * @param bundles refined bundles whose bytes, images and labels were compared
 * @param orphans refined bundles that no result names
 * @param wrong a sentence for everything that must not be
 */
record Audit(
    int accepted,
    int succeeded,
    int failed,
    int cancelled,
    int late,
    int lost,
    int different,
    int repeated,
    int deadLetters,
    int bundles,
    int orphans,
    List<String> wrong) {

  /** Returns the counts, one a line. */
  String table() {
    StringBuilder table = new StringBuilder();
    line(table, "jobs accepted", accepted);
    line(table, "succeeded", succeeded);
    line(table, "failed, as they had to", failed);
    line(table, "- of these cancelled", cancelled);
    line(table, "- of these past their deadline", late);
    line(table, "lost", lost);
    line(table, "different results of one id", different);
    line(table, "repeated results", repeated);
    line(table, "dead letters", deadLetters);
    line(table, "refined bundles compared", bundles);
    line(table, "orphaned refined bundles", orphans);
    line(table, "wrong", wrong.size());
    wrong.forEach(sentence -> table.append("  - ").append(sentence).append('\n'));
    return table.toString();
  }

  private static void line(StringBuilder table, String what, int count) {
    table.append("%-30s %6d%n".formatted(what, count));
  }
}
