package io.dogsled.telemetry;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests that telemetry may still speak of. Bounded: of those without a report, which may never come, the oldest is
 * forgotten first; of those with one, the last few are remembered, so that a batch that is delivered again says nothing new.
 */
final class Requests {
    /** More than a sandbox has at a time, on Managed Instances too. */
    static final int MAX_OPEN = 2_000;

    static final int MAX_SETTLED = 200;

    private final Map<String, Request> open = new LinkedHashMap<>();
    private final Map<String, Request> settled = new LinkedHashMap<>();

    @Nullable
    Request find(String id) {
        Request request = open.get(id);
        return request == null ? settled.get(id) : request;
    }

    void add(Request request) {
        put(open, request, MAX_OPEN);
    }

    /** Its report has come. */
    void settle(Request request) {
        if (open.remove(request.id) != null) {
            put(settled, request, MAX_SETTLED);
        }
    }

    private static void put(Map<String, Request> requests, Request request, int limit) {
        if (requests.size() >= limit) {
            Iterator<Request> oldest = requests.values().iterator();
            oldest.next();
            oldest.remove();
        }
        requests.put(request.id, request);
    }
}
