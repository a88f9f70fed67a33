package io.dogsled.dogstatsd;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The options that events and service checks share: {@code d:} timestamp, {@code h:} host, {@code #} tags, {@code card:}. A bad
 * timestamp is skipped and what was read before it stays (Agent: parse_events.go, parse_service_checks.go). Reused from line to
 * line by its parser.
 */
final class CommonFields {
    private final List<String> extraTags;
    private final Numbers numbers = new Numbers();

    private byte[] buffer = new byte[0];
    private long timestampS;
    private String host = "";
    private String hostTag = "";
    private int tagsStart;
    private int tagsEnd;
    private boolean hasCardinality;

    /** {@code extraTags} follow the tags of the client. */
    CommonFields(List<String> extraTags) {
        this.extraTags = extraTags;
    }

    /** Forgets the line before. */
    void reset(byte[] line) {
        buffer = line;
        timestampS = 0;
        host = "";
        hostTag = "";
        tagsStart = 0;
        tagsEnd = 0;
        hasCardinality = false;
    }

    /** Takes the option {@code buffer[start, end)} if it is one of the shared ones. */
    void take(int start, int end) {
        if (Bytes.startsWith(buffer, start, end, "d:")) {
            if (numbers.parseLong(buffer, start + 2, end)) {
                timestampS = numbers.longValue();
            }
        } else if (Bytes.startsWith(buffer, start, end, "h:")) {
            host = text(buffer, start + 2, end);
        } else if (Bytes.startsWith(buffer, start, end, "#")) {
            tagsStart = start + 1;
            tagsEnd = end;
        } else if (Bytes.startsWith(buffer, start, end, Tags.CARDINALITY_OPTION)) {
            hasCardinality = end - start > Tags.CARDINALITY_OPTION.length();
        }
    }

    /** Seconds since the epoch, 0 = none. */
    long timestampS() {
        return timestampS;
    }

    /** The {@code h:} option, else the {@code host:} tag, else {@code ""}; after {@link #tags}, which finds the tag. */
    String host() {
        return host.isEmpty() ? hostTag : host;
    }

    /** The tags in the client's order, without reserved ones, empty ones and repetitions, then the extra ones. */
    List<String> tags() {
        Set<String> tags = new LinkedHashSet<>();
        int start = tagsStart;
        while (start < tagsEnd) {
            int end = Bytes.indexOf(buffer, start, tagsEnd, ',');
            if (Bytes.startsWith(buffer, start, end, Tags.HOST)) {
                hostTag = text(buffer, start + Tags.HOST.length(), end);
            } else if (end > start && !Tags.isReserved(buffer, start, end, hasCardinality)) {
                tags.add(text(buffer, start, end));
            }
            start = end + 1;
        }
        tags.addAll(extraTags);
        return new ArrayList<>(tags);
    }

    /** {@code buffer[from, to)} decoded as UTF-8; malformed bytes become U+FFFD. */
    static String text(byte[] buffer, int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.UTF_8);
    }
}
