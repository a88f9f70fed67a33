package io.dogsled.testserver;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What shall happen to one request, after all scenarios have spoken.
 *
 * @param status 0 = nobody asked for one
 * @param body null = the default body of the route and status
 * @param step the scenarios that had a say, from the weakest to the strongest, or ""
 */
record Plan(
        Duration latency,
        int status,
        @Nullable String retryAfter,
        @Nullable String body,
        Duration beforeHeaders,
        Duration beforeBody,
        Duration midBody,
        Duration drip,
        Scenario.Cut cut,
        boolean closeConnection,
        String step) {

    /** No fault at all, only the server's own latency. */
    static Plan plain(Duration latency) {
        return new Plan(
                latency,
                0,
                null,
                null,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Scenario.Cut.NONE,
                false,
                "");
    }

    /** Whether the answer goes out in pieces, so that it must have a body to cut or to wait in. */
    boolean isStaged() {
        boolean cutInside = cut == Scenario.Cut.AFTER_HEADERS || cut == Scenario.Cut.MID_BODY;
        return cutInside || !beforeBody.isZero() || !midBody.isZero() || !drip.isZero();
    }
}
