package io.dogsled.dogstatsd;

/**
 * The grammar of a Go floating-point literal as {@code strconv.ParseFloat} applies it (Go: src/strconv/atof.go, readFloat;
 * atoi.go, underscoreOK):
 *
 * <pre>
 * [+-] digits with at most one dot [ (e|E) [+-] digits ]
 * [+-] (0x|0X) hex digits with at most one dot (p|P) [+-] digits      the exponent is required
 * </pre>
 *
 * At least one digit before the exponent. An underscore may stand between two digits, or between {@code 0x} and a digit.
 */
final class GoFloat {
    private GoFloat() {}

    /** Whether {@code buffer[from, to)} is such a literal. {@code inf} and {@code nan} are not. */
    static boolean isWellFormed(byte[] buffer, int from, int to) {
        int start = from < to && (buffer[from] == '-' || buffer[from] == '+') ? from + 1 : from;
        boolean hex = isHex(buffer, start, to);
        boolean sawDot = false;
        boolean sawDigits = false;
        int at = hex ? start + 2 : start;
        for (; at < to; at++) {
            if (buffer[at] == '.' && !sawDot) {
                sawDot = true;
            } else if (isDigit(buffer[at], hex)) {
                sawDigits = true;
            } else if (buffer[at] != '_') {
                break;
            }
        }
        if (!sawDigits || (at == to && hex)) {
            return false;
        }
        boolean complete = at == to || (lower(buffer[at]) == (hex ? 'p' : 'e') && isExponent(buffer, at + 1, to));
        return complete && underscoresSeparateDigits(buffer, start, to, hex);
    }

    /** ASCII lower case of a letter; other bytes become something that is no lower-case letter, or stay. */
    static int lower(byte letter) {
        return letter | 0x20;
    }

    /** Whether the digits that begin at {@code start}, behind the sign, are hexadecimal. */
    static boolean isHex(byte[] buffer, int start, int to) {
        return start + 2 < to && buffer[start] == '0' && lower(buffer[start + 1]) == 'x';
    }

    private static boolean isDigit(byte digit, boolean hex) {
        return (digit >= '0' && digit <= '9') || (hex && lower(digit) >= 'a' && lower(digit) <= 'f');
    }

    private static boolean isExponent(byte[] buffer, int from, int to) {
        int at = from < to && (buffer[from] == '-' || buffer[from] == '+') ? from + 1 : from;
        if (at == to || !isDigit(buffer[at], false)) {
            return false;
        }
        while (at < to && (isDigit(buffer[at], false) || buffer[at] == '_')) {
            at++;
        }
        return at == to;
    }

    private static boolean underscoresSeparateDigits(byte[] buffer, int start, int to, boolean hex) {
        boolean afterDigit = hex; // the prefix 0x counts as one
        boolean afterUnderscore = false;
        for (int at = hex ? start + 2 : start; at < to; at++) {
            boolean digit = isDigit(buffer[at], hex);
            boolean underscore = buffer[at] == '_';
            if ((underscore && !afterDigit) || (afterUnderscore && !digit)) {
                return false;
            }
            afterDigit = digit;
            afterUnderscore = underscore;
        }
        return !afterUnderscore;
    }
}
