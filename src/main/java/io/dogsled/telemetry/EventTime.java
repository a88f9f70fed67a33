package io.dogsled.telemetry;

/**
 * Times of the Telemetry API → epoch milliseconds, by hand: the JDK's parser is a hundred classes.
 *
 * <pre>
 * 2023-11-14T22:13:20.001Z         three digits of a second, or any number of them, or none; UTC
 * </pre>
 */
final class EventTime {
    /** The answer for what is no such time. */
    static final long UNKNOWN = 0;

    private static final int SECONDS_END = "2023-11-14T22:13:20".length();
    private static final String SHAPE = "0000-00-00T00:00:00";

    private EventTime() {}

    /** {@link #UNKNOWN} for anything else than a time of this shape. */
    static long epochMs(String text) {
        if (text.length() <= SECONDS_END || !fits(text)) {
            return UNKNOWN;
        }
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        if (month < 1 || month > 12 || day < 1 || day > 31) {
            return UNKNOWN;
        }
        long seconds = days(number(text, 0, 4), month, day) * 86_400
                + number(text, 11, 13) * 3_600L
                + number(text, 14, 16) * 60L
                + number(text, 17, 19);
        int fractionMs = fractionMs(text);
        return fractionMs < 0 ? UNKNOWN : seconds * 1_000 + fractionMs;
    }

    private static boolean fits(String text) {
        for (int i = 0; i < SECONDS_END; i++) {
            char c = text.charAt(i);
            boolean fits = SHAPE.charAt(i) == '0' ? isDigit(c) : c == SHAPE.charAt(i);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** Of what comes behind the seconds, down to the {@code Z}; −1 if it is something else. */
    private static int fractionMs(String text) {
        int at = SECONDS_END;
        int fraction = 0;
        if (text.charAt(at) == '.') {
            int unit = 100;
            for (at++; at < text.length() && isDigit(text.charAt(at)); at++) {
                fraction += (text.charAt(at) - '0') * unit;
                unit /= 10;
            }
        }
        boolean endsInUtc = at == text.length() - 1 && text.charAt(at) == 'Z';
        return endsInUtc ? fraction : -1;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + (text.charAt(i) - '0');
        }
        return number;
    }

    /** Days since 1970-01-01 in the Gregorian calendar; a year begins in March, so that a leap day is its last. */
    private static long days(int year, int month, int day) {
        int marchYear = month > 2 ? year : year - 1;
        int monthsSinceMarch = (month + 9) % 12;
        long dayOfYear = (153L * monthsSinceMarch + 2) / 5 + day - 1;
        return 365L * marchYear + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
