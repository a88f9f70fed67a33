package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Log;

/**
 * Log lines about one endpoint, at most one a minute, since a failing intake fails with every invocation and the customer
 * pays for each line. The forwarder's thread, but {@link #noKey}, which is the lambda thread's.
 */
final class Complaints {
    private static final long QUIET_MS = 60_000;

    private final String url;
    private final Log log;
    private final Clock clock;
    private boolean complained;
    private boolean keyMissed;
    private long lastMs;

    Complaints(String url, Log log, Clock clock) {
        this.url = url;
        this.log = log;
        this.clock = clock;
    }

    /** The payload stays; {@code held} samples wait. */
    void notDelivered(String label, String reason, long held) {
        if (isDue()) {
            log.warn("intake " + url + ": " + label + " not delivered: " + reason + "; " + held
                    + " samples held, tried again as long as the sandbox lives");
        }
    }

    /** The payload is refused for good. */
    void refused(String label, String reason) {
        if (isDue()) {
            log.warn("intake " + url + ": " + label + " refused: " + reason
                    + "; this payload will not be sent again, see \"lost\" in the ledger");
        }
    }

    /** The intake does not accept the API key. */
    void forbidden() {
        if (isDue()) {
            log.warn("intake " + url + ": the API key is not accepted (403); check DD_API_KEY and DD_SITE");
        }
    }

    /** There is no key to send anything with. */
    void noKey() {
        if (!keyMissed) {
            keyMissed = true;
            log.warn("DD_API_KEY is not set or not usable: nothing is sent to " + url
                    + "; metrics are held and will be lost at shutdown");
        }
    }

    private boolean isDue() {
        long nowMs = clock.nowMs();
        boolean due = !complained || nowMs - lastMs >= QUIET_MS || nowMs < lastMs;
        if (due) {
            complained = true;
            lastMs = nowMs;
        }
        return due;
    }
}
