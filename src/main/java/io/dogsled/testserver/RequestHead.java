package io.dogsled.testserver;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The request line and the headers of one request; header names are in Go's canonical form ({@code Dd-Api-Key}).
 *
 * @param path without the query and, for a request to a proxy, without scheme and host
 * @param query what follows the {@code ?}, or ""
 */
record RequestHead(String method, String path, String query, boolean http10, Map<String, List<String>> headers) {

    /** {@code dd-api-KEY} to {@code Dd-Api-Key}, as Go's {@code CanonicalHeaderKey} does for every valid name. */
    static String canonicalName(String name) {
        StringBuilder canonical = new StringBuilder(name.toLowerCase(Locale.ROOT));
        boolean upper = true;
        for (int i = 0; i < canonical.length(); i++) {
            char c = canonical.charAt(i);
            if (upper && c >= 'a' && c <= 'z') {
                canonical.setCharAt(i, (char) (c - 'a' + 'A'));
            }
            upper = c == '-';
        }
        return canonical.toString();
    }

    List<String> values(String canonicalName) {
        return headers.getOrDefault(canonicalName, List.of());
    }

    /** Whether a comma-separated header has this token, in any case. */
    boolean hasToken(String canonicalName, String token) {
        for (String value : values(canonicalName)) {
            for (String part : value.split(",", -1)) {
                if (part.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the client wants to use the connection again (RFC 9112 §9.3). */
    boolean keepAlive() {
        return http10 ? hasToken("Connection", "keep-alive") : !hasToken("Connection", "close");
    }

    boolean expectsContinue() {
        return !http10 && hasToken("Expect", "100-continue");
    }

    /** One value per name; of several the last wins, as the Agent's test server records them. */
    Map<String, String> lastValues() {
        Map<String, String> last = new LinkedHashMap<>();
        headers.forEach((name, values) -> last.put(name, values.getLast()));
        return last;
    }
}
