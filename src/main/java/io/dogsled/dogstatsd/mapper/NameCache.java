package io.dogsled.dogstatsd.mapper;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the names asked for last were mapped to. Bounded by their number and by the memory they take, estimated so that it is rather too
 * high: the heap is small, and a name may be long. Owned by one thread or lock.
 */
final class NameCache {
    /** A metric name of Datadog has at most 200 characters; what is longer is not remembered. */
    static final int LONGEST = 256;

    static final int MOST_BYTES = 4 << 20;

    private static final int ENTRY_BYTES = 128;
    private static final int STRING_BYTES = 48;

    private final LinkedHashMap<String, MappedName> answers = new LinkedHashMap<>(16, 0.75f, true);
    private final int limit;
    private final long limitBytes;
    private long bytes;

    NameCache(int limit, long limitBytes) {
        this.limit = limit;
        this.limitBytes = limitBytes;
    }

    @Nullable
    MappedName get(String name) {
        return answers.get(name);
    }

    /** Remembers the answer to a name that is not here yet; forgets what was asked for longest ago. */
    void put(String name, MappedName answer) {
        if (name.length() > LONGEST) {
            return;
        }
        answers.put(name, answer);
        bytes += estimate(name, answer);
        while (answers.size() > limit || bytes > limitBytes) {
            Map.Entry<String, MappedName> eldest =
                    Objects.requireNonNull(answers.pollFirstEntry(), "bytes are of entries");
            bytes -= estimate(eldest.getKey(), eldest.getValue());
        }
    }

    int size() {
        return answers.size();
    }

    private static long estimate(String name, MappedName answer) {
        long sum = ENTRY_BYTES + ofString(name) + ofString(answer.name());
        for (String tag : answer.tags()) {
            sum += ofString(tag);
        }
        return sum;
    }

    private static long ofString(String text) {
        return STRING_BYTES + 2L * text.length();
    }
}
