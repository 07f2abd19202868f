package io.refinery.bundle.table;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides from all cells of a label how to store it. Numbers are stored as numbers only if nothing
 * is lost: not the zeros in front of an id, and no digit.
 */
final class NumberScan {

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:(\\d+)(\\.\\d*)?|(\\.\\d+))([eE][+-]?\\d{1,4})?");

  private static final Pattern WORD =
      Pattern.compile("[+-]?(nan|inf|infinity)", Pattern.CASE_INSENSITIVE);

  private static final Pattern DECIMAL_COMMA = Pattern.compile("[+-]?\\d+,\\d+");

  /** Digits that every float64 and its shortest decimal form can have. */
  private static final int MOST_DIGITS = 17;

  /** Numbers of this length have fewer than 16 digits, and are exact as float64 if whole. */
  private static final int PLAIN_LENGTH = 15;

  private static final long EXACT = 1L << 53;

  private boolean any;
  private boolean text;
  private boolean commas = true;
  private boolean anyComma;
  private boolean onlyWholes = true;
  private boolean beyondDouble;
  private boolean beyondExact;

  /** Adds the next cell. */
  void add(String cell) {
    String value = cell.strip();
    if (value.isEmpty()) {
      onlyWholes = false;
      return;
    }
    any = true;
    if (isPlain(value)) {
      onlyWholes &= value.indexOf('.') < 0 && !value.equals("-0");
      return;
    }
    boolean comma = DECIMAL_COMMA.matcher(value).matches();
    anyComma |= comma;
    commas = commas && (comma || NUMBER.matcher(value).matches());
    if (WORD.matcher(value).matches()) {
      onlyWholes = false;
      return;
    }
    Matcher number = NUMBER.matcher(value);
    if (text || !number.matches() || isId(number) || isTooLong(value, number)) {
      text = true;
    } else if (number.group(1) != null && number.group(2) == null && number.group(4) == null) {
      addWhole(value);
    } else {
      onlyWholes = false;
      double parsed = Double.parseDouble(value);
      boolean underflows = parsed == 0 && new BigDecimal(value).signum() != 0;
      text = Double.isInfinite(parsed) || underflows;
    }
  }

  /** Whether a number is as most are, so that no pattern need be tried: 123 or -0.25. */
  private static boolean isPlain(String value) {
    int start = value.charAt(0) == '-' ? 1 : 0;
    int point = -1;
    for (int i = start; i < value.length(); i++) {
      char digit = value.charAt(i);
      if (digit == '.' && point < 0 && i > start) {
        point = i;
      } else if (digit < '0' || digit > '9') {
        return false;
      }
    }
    int wholeEnd = point < 0 ? value.length() : point;
    return value.length() <= PLAIN_LENGTH
        && wholeEnd > start
        && (wholeEnd == start + 1 || value.charAt(start) != '0');
  }

  private static boolean isId(Matcher number) {
    String whole = number.group(1);
    return whole != null && whole.length() > 1 && whole.charAt(0) == '0';
  }

  /** Whether a number has digits that float64 cannot hold. */
  private static boolean isTooLong(String value, Matcher number) {
    if (value.length() <= MOST_DIGITS || (number.group(2) == null && number.group(4) == null)) {
      return false;
    }
    BigDecimal written = new BigDecimal(value);
    int digits = written.precision();
    double parsed = Double.parseDouble(value);
    if (digits <= MOST_DIGITS || Double.isInfinite(parsed)) {
      return false;
    }
    // numpy.savetxt writes 19 digits, which are those of a float64 and say no more than 17 do.
    return new BigDecimal(parsed).round(new MathContext(digits)).compareTo(written) != 0;
  }

  private void addWhole(String value) {
    try {
      long whole = Long.parseLong(value);
      if (whole > EXACT || whole < -EXACT) {
        beyondExact = true;
        beyondDouble |= whole == Long.MAX_VALUE || (long) (double) whole != whole;
      }
      onlyWholes &= whole != 0 || value.charAt(0) != '-';
    } catch (NumberFormatException e) {
      text = true;
    }
  }

  ImageLabel.Type type() {
    if (text || !any) {
      return ImageLabel.Type.TEXT;
    }
    if (onlyWholes && beyondExact) {
      return ImageLabel.Type.INT64;
    }
    return beyondDouble ? ImageLabel.Type.TEXT : ImageLabel.Type.FLOAT64;
  }

  /** Whether the cells are text only because of their decimal commas. */
  boolean hasDecimalCommas() {
    return anyComma && commas;
  }

  static boolean isDecimalComma(String cell) {
    return DECIMAL_COMMA.matcher(cell.strip()).matches();
  }

  /** Whether a cell holds a number, nan and infinity included. */
  static boolean isNumber(String cell) {
    String value = cell.strip();
    return !value.isEmpty()
        && (isPlain(value) || NUMBER.matcher(value).matches() || WORD.matcher(value).matches());
  }

  /** Returns the bits of a cell of this numeric type. */
  static long bits(String cell, ImageLabel.Type type) {
    String value = cell.strip();
    return type == ImageLabel.Type.INT64
        ? Long.parseLong(value)
        : Double.doubleToRawLongBits(number(value));
  }

  private static double number(String value) {
    if (value.isEmpty()) {
      return Double.NaN;
    }
    if (!isPlain(value) && WORD.matcher(value).matches()) {
      if (value.toLowerCase(Locale.ROOT).endsWith("nan")) {
        return Double.NaN;
      }
      return value.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return Double.parseDouble(value);
  }
}
