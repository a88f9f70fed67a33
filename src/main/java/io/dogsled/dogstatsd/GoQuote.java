package io.dogsled.dogstatsd;

import java.nio.charset.StandardCharsets;

/**
 * A text between double quotes as Go's {@code %q} writes it: printable characters as they are, the rest escaped, bytes that are
 * not UTF-8 as {@code \xNN} (Go: src/strconv/quote.go). What is printable is taken from Java's character table.
 */
final class GoQuote {
    private static final String HEX = "0123456789abcdef";

    private GoQuote() {}

    /** Quotes {@code buffer[from, to)}. */
    static String of(byte[] buffer, int from, int to) {
        StringBuilder out = new StringBuilder(to - from + 2).append('"');
        int at = from;
        while (at < to) {
            int length = sequenceLength(buffer, at, to);
            if (length == 0) {
                hex(out.append("\\x"), buffer[at] & 0xFF, 2);
                at++;
            } else {
                append(out, new String(buffer, at, length, StandardCharsets.UTF_8).codePointAt(0));
                at += length;
            }
        }
        return out.append('"').toString();
    }

    private static void append(StringBuilder out, int codePoint) {
        int escape = "\u0007\b\f\n\r\t\u000B\\\"".indexOf(codePoint);
        if (escape >= 0) {
            out.append('\\').append("abfnrtv\\\"".charAt(escape));
        } else if (isPrintable(codePoint)) {
            out.appendCodePoint(codePoint);
        } else if (codePoint < ' ' || codePoint == 0x7F) {
            hex(out.append("\\x"), codePoint, 2);
        } else if (codePoint <= 0xFFFF) {
            hex(out.append("\\u"), codePoint, 4);
        } else {
            hex(out.append("\\U"), codePoint, 8);
        }
    }

    private static void hex(StringBuilder out, int value, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            out.append(HEX.charAt((value >>> shift) & 0xF));
        }
    }

    /** Letters, marks, numbers, punctuation, symbols and the ASCII space. */
    private static boolean isPrintable(int codePoint) {
        int type = Character.getType(codePoint);
        boolean blank = type == Character.SPACE_SEPARATOR
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
        boolean invisible = type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.PRIVATE_USE
                || type == Character.UNASSIGNED;
        return codePoint == ' ' || !(blank || invisible);
    }

    /** The length of the well-formed UTF-8 sequence at {@code at}, or 0. */
    private static int sequenceLength(byte[] buffer, int at, int to) {
        int first = buffer[at] & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        if (first < 0xC2 || first > 0xF4 || at + length > to) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((buffer[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        int second = buffer[at + 1] & 0xFF;
        boolean overlongOrSurrogate = (first == 0xE0 && second < 0xA0)
                || (first == 0xED && second > 0x9F)
                || (first == 0xF0 && second < 0x90)
                || (first == 0xF4 && second > 0x8F);
        return overlongOrSurrogate ? 0 : length;
    }
}
