package io.dogsled.dogstatsd;

import io.dogsled.metrics.Event;
import java.util.List;

/**
 * One event line → an {@link Event}, or the reason why not (protocol.md §1.8; Agent: parse_events.go).
 *
 * <pre>
 * _e{5,4}:title|text|d:1700000000|h:host|k:aggregation key|p:low|s:source|t:error|#env:dev
 *    ^ ^ lengths in bytes         options in any order, the last of a kind wins, bad and unknown ones are skipped
 * </pre>
 *
 * Owned by one {@link DatagramParser}.
 */
final class EventParser {
    private static final int SHORTEST_HEADER = 7; // _e{1,1}
    private static final int LENGTHS_START = 3;
    private static final Event NONE = new Event("", "", 0, "normal", "", List.of(), "info", "", "");

    private final Numbers numbers = new Numbers();
    private final CommonFields fields;
    private Rejection rejection = Rejection.EVENT_COLON;
    private Event event = NONE;

    private long titleLength;
    private long textLength;
    private String priority = "";
    private String alertType = "";
    private String aggregationKey = "";
    private String sourceType = "";

    /** {@code extraTags} are added to every event. */
    EventParser(List<String> extraTags) {
        fields = new CommonFields(extraTags);
    }

    /** What the last accepted line said. */
    Event event() {
        return event;
    }

    /** Why the last line that was not accepted was not. */
    Rejection rejection() {
        return rejection;
    }

    /** Reads {@code buffer[from, to)}, a line without its end that begins with <code>_e{</code>. */
    boolean parse(byte[] buffer, int from, int to) {
        int colon = Bytes.indexOf(buffer, from, to, ':');
        if (colon == to) {
            return reject(Rejection.EVENT_COLON);
        }
        if (!readHeader(buffer, from, colon)) {
            return false;
        }
        long available = to - (colon + 1L);
        if (titleLength >= available || textLength > available - titleLength - 1) {
            return reject(Rejection.EVENT_LENGTH);
        }
        int titleEnd = colon + 1 + (int) titleLength;
        int textEnd = titleEnd + 1 + (int) textLength;
        readOptions(buffer, textEnd, to);
        List<String> tags = fields.tags();
        event = new Event(
                unescaped(buffer, colon + 1, titleEnd),
                unescaped(buffer, titleEnd + 1, textEnd),
                fields.timestampS(),
                priority,
                fields.host(),
                tags,
                alertType,
                aggregationKey,
                sourceType);
        return true;
    }

    /** The closing brace is dropped unread, as the Agent does. */
    private boolean readHeader(byte[] buffer, int from, int colon) {
        int lengthsStart = from + LENGTHS_START;
        int lengthsEnd = colon - 1;
        if (colon - from < SHORTEST_HEADER) {
            return reject(Rejection.EVENT_HEADER);
        }
        int comma = Bytes.indexOf(buffer, lengthsStart, lengthsEnd, ',');
        if (comma == lengthsEnd || !numbers.parseLong(buffer, lengthsStart, comma) || numbers.longValue() < 0) {
            return reject(Rejection.EVENT_HEADER);
        }
        titleLength = numbers.longValue();
        if (titleLength == 0) {
            return reject(Rejection.EVENT_TITLE);
        }
        if (!numbers.parseLong(buffer, comma + 1, lengthsEnd) || numbers.longValue() < 0) {
            return reject(Rejection.EVENT_HEADER);
        }
        textLength = numbers.longValue();
        return true;
    }

    private void readOptions(byte[] buffer, int textEnd, int to) {
        fields.reset(buffer);
        priority = "normal";
        alertType = "info";
        aggregationKey = "";
        sourceType = "";
        int start = textEnd;
        while (start < to) {
            int end = Bytes.indexOf(buffer, start, to, '|');
            readOption(buffer, start, end);
            start = end + 1;
        }
    }

    private void readOption(byte[] buffer, int start, int end) {
        if (Bytes.startsWith(buffer, start, end, "k:")) {
            aggregationKey = CommonFields.text(buffer, start + 2, end);
        } else if (Bytes.startsWith(buffer, start, end, "s:")) {
            sourceType = CommonFields.text(buffer, start + 2, end);
        } else if (Bytes.startsWith(buffer, start, end, "p:")) {
            readPriority(CommonFields.text(buffer, start + 2, end));
        } else if (Bytes.startsWith(buffer, start, end, "t:")) {
            readAlertType(CommonFields.text(buffer, start + 2, end));
        } else {
            fields.take(start, end);
        }
    }

    private void readPriority(String text) {
        if (text.equals("normal") || text.equals("low")) {
            priority = text;
        }
    }

    private void readAlertType(String text) {
        if (text.equals("info") || text.equals("warning") || text.equals("error") || text.equals("success")) {
            alertType = text;
        }
    }

    /** The two characters {@code \n} stand for a line feed, which cannot be in a line. */
    private static String unescaped(byte[] buffer, int from, int to) {
        return CommonFields.text(buffer, from, to).replace("\\n", "\n");
    }

    private boolean reject(Rejection reason) {
        rejection = reason;
        return false;
    }
}
