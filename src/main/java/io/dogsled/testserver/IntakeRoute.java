package io.dogsled.testserver;

import io.dogsled.testserver.DecodedPayload.Kind;
import java.util.Map;

/** The paths of a Datadog intake that this server answers as one, with 202, and whose bodies it can read. */
final class IntakeRoute {
    private static final Map<String, Kind> ROUTES = Map.of(
            "/api/v2/series", Kind.SERIES,
            "/api/v1/series", Kind.SERIES,
            "/api/beta/sketches", Kind.SKETCHES,
            "/api/v1/check_run", Kind.CHECKS,
            "/api/v1/events", Kind.EVENTS,
            "/intake", Kind.EVENTS);

    private IntakeRoute() {}

    /** What is delivered under this path; a slash at the end does not matter. */
    static Kind kind(String path) {
        String route = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return ROUTES.getOrDefault(route, Kind.OTHER);
    }
}
