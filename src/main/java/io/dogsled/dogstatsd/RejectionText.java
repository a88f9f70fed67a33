package io.dogsled.dogstatsd;

/**
 * The Agent's error texts. The parsers say only which check failed; here the line is read once more to find the bytes that
 * the text quotes.
 */
final class RejectionText {
    private RejectionText() {}

    /** See {@link Rejection#errorText}. */
    static String of(Rejection rejection, byte[] line, int from, int to) {
        return switch (rejection) {
            case NO_PIPE -> "invalid dogstatsd message format";
            case NAME_OR_VALUE -> "invalid name and value: " + quoted(line, from, fieldEnd(line, from, to));
            case TYPE -> "invalid metric type: " + quotedField(line, from, to, 1);
            case VALUE -> "could not parse dogstatsd metric values: " + badValue(line, from, to);
            case NO_VALUE -> "could not parse dogstatsd metric values: no value found";
            case RATE -> "could not parse dogstatsd sample rate " + badRate(line, from, to);
            case TIMESTAMP -> "could not parse dogstatsd timestamp " + badTimestamp(line, from, to);
            case TIMESTAMP_RANGE -> "dogstatsd timestamp should be > 0";
            case EVENT_COLON -> "invalid event: " + quoted(line, from, to);
            case EVENT_HEADER -> "invalid event header: " + quoted(line, from, Bytes.indexOf(line, from, to, ':'));
            case EVENT_TITLE -> "invalid event: empty title";
            case EVENT_LENGTH -> "invalid event";
            case CHECK_FORMAT -> "invalid dogstatsd service check format";
            case CHECK_NAME -> "invalid dogstatsd service check name: empty name";
            case CHECK_STATUS -> "invalid dogstatsd service check status: " + quotedField(line, from + 4, to, 1);
            case UNTERMINATED -> "line without a line end: " + quoted(line, from, to);
        };
    }

    private static String badValue(byte[] line, int from, int to) {
        Numbers numbers = new Numbers();
        int end = fieldEnd(line, from, to);
        int start = Bytes.indexOf(line, from, end, ':') + 1;
        while (start < end) {
            int stop = Bytes.indexOf(line, start, end, ':');
            if (stop > start && !numbers.parseDouble(line, start, stop)) {
                return numberError("ParseFloat", line, start, stop, numbers.outOfRange());
            }
            start = stop + 1;
        }
        return "";
    }

    private static String badRate(byte[] line, int from, int to) {
        Numbers numbers = new Numbers();
        int start = field(line, from, to, 2);
        int end = fieldEnd(line, start, to);
        while (start < to && !(line[start] == '@' && !numbers.parseDouble(line, start + 1, end))) {
            start = Math.min(to, end + 1);
            end = fieldEnd(line, start, to);
        }
        return quoted(line, start, end);
    }

    private static String badTimestamp(byte[] line, int from, int to) {
        Numbers numbers = new Numbers();
        int start = field(line, from, to, 2);
        int end = fieldEnd(line, start, to);
        while (start < to && !(line[start] == 'T' && !numbers.parseLong(line, start + 1, end))) {
            start = Math.min(to, end + 1);
            end = fieldEnd(line, start, to);
        }
        int digits = Math.min(to, start + 1);
        return quoted(line, digits, end) + ": " + numberError("ParseInt", line, digits, end, numbers.outOfRange());
    }

    private static String numberError(String function, byte[] line, int from, int to, boolean outOfRange) {
        return "strconv." + function + ": parsing " + quoted(line, from, to)
                + (outOfRange ? ": value out of range" : ": invalid syntax");
    }

    private static String quotedField(byte[] line, int from, int to, int index) {
        int start = field(line, from, to, index);
        return quoted(line, start, fieldEnd(line, start, to));
    }

    /** Where the field of that index begins, or the end of the line. */
    private static int field(byte[] line, int from, int to, int index) {
        int start = Math.min(from, to);
        for (int i = 0; i < index; i++) {
            start = Math.min(to, fieldEnd(line, start, to) + 1);
        }
        return start;
    }

    private static int fieldEnd(byte[] line, int from, int to) {
        return Bytes.indexOf(line, from, to, '|');
    }

    private static String quoted(byte[] line, int from, int to) {
        return GoQuote.of(line, from, to);
    }
}
