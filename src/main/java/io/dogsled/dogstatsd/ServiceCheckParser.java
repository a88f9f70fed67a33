package io.dogsled.dogstatsd;

import io.dogsled.metrics.ServiceCheck;
import java.util.List;

/**
 * One service check line → a {@link ServiceCheck}, or the reason why not (protocol.md §1.9; Agent: parse_service_checks.go).
 *
 * <pre>
 * _sc|name|0|d:1700000000|h:host|#env:dev|m:message
 *          ^ 0 OK, 1 warning, 2 critical, 3 unknown; options in any order, the last of a kind wins
 * </pre>
 *
 * Owned by one {@link DatagramParser}.
 */
final class ServiceCheckParser {
    private static final int NAME_START = 4; // behind "_sc|", of which the last byte is not looked at
    private static final ServiceCheck NONE = new ServiceCheck("", 3, 0, "", "", List.of());

    private final CommonFields fields;
    private Rejection rejection = Rejection.CHECK_FORMAT;
    private ServiceCheck check = NONE;
    private String message = "";

    /** {@code extraTags} are added to every check. */
    ServiceCheckParser(List<String> extraTags) {
        fields = new CommonFields(extraTags);
    }

    /** What the last accepted line said. */
    ServiceCheck check() {
        return check;
    }

    /** Why the last line that was not accepted was not. */
    Rejection rejection() {
        return rejection;
    }

    /** Reads {@code buffer[from, to)}, a line without its end that begins with {@code _sc}. */
    boolean parse(byte[] buffer, int from, int to) {
        int firstPipe = Bytes.indexOf(buffer, from, to, '|');
        if (firstPipe == to || Bytes.indexOf(buffer, firstPipe + 1, to, '|') == to) {
            return reject(Rejection.CHECK_FORMAT);
        }
        int nameStart = from + NAME_START;
        int nameEnd = Bytes.indexOf(buffer, nameStart, to, '|');
        if (nameEnd == nameStart) {
            return reject(Rejection.CHECK_NAME);
        }
        int statusEnd = Bytes.indexOf(buffer, nameEnd + 1, to, '|');
        int status = statusEnd == nameEnd + 2 ? buffer[nameEnd + 1] - '0' : -1;
        if (status < 0 || status > 3) {
            return reject(Rejection.CHECK_STATUS);
        }
        readOptions(buffer, statusEnd + 1, to);
        List<String> tags = fields.tags();
        String name = CommonFields.text(buffer, nameStart, nameEnd);
        check = new ServiceCheck(name, status, fields.timestampS(), fields.host(), message, tags);
        return true;
    }

    private void readOptions(byte[] buffer, int from, int to) {
        fields.reset(buffer);
        message = "";
        int start = from;
        while (start < to) {
            int end = Bytes.indexOf(buffer, start, to, '|');
            if (Bytes.startsWith(buffer, start, end, "m:")) {
                message = CommonFields.text(buffer, start + 2, end);
            } else {
                fields.take(start, end);
            }
            start = end + 1;
        }
    }

    private boolean reject(Rejection reason) {
        rejection = reason;
        return false;
    }
}
