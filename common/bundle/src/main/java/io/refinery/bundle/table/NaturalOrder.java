package io.refinery.bundle.table;

/** The order of names in which numbers count as numbers, so that 9.png precedes 10.png. */
final class NaturalOrder {

  private NaturalOrder() {}

  /** Compares two names, as {@link java.util.Comparator#compare} does. */
  static int compare(String left, String right) {
    int i = 0;
    int j = 0;
    while (i < left.length() && j < right.length()) {
      int leftEnd = digitsEnd(left, i);
      int rightEnd = digitsEnd(right, j);
      if (leftEnd > i && rightEnd > j) {
        int order = compareNumbers(left.substring(i, leftEnd), right.substring(j, rightEnd));
        if (order != 0) {
          return order;
        }
        i = leftEnd;
        j = rightEnd;
      } else if (left.charAt(i) != right.charAt(j)) {
        return Character.compare(left.charAt(i), right.charAt(j));
      } else {
        i++;
        j++;
      }
    }
    return Integer.compare(left.length() - i, right.length() - j);
  }

  private static int digitsEnd(String name, int from) {
    int end = from;
    while (end < name.length() && name.charAt(end) >= '0' && name.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static int compareNumbers(String left, String right) {
    String shorterLeft = left.replaceFirst("^0+", "");
    String shorterRight = right.replaceFirst("^0+", "");
    int order = Integer.compare(shorterLeft.length(), shorterRight.length());
    return order != 0 ? order : shorterLeft.compareTo(shorterRight);
  }
}
