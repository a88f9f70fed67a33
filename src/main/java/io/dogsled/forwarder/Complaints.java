package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Log;
import io.dogsled.base.OncePerMinute;

/**
 * Log lines about one endpoint, at most one a minute, since a failing intake fails with every invocation and the customer
 * pays for each line. A missing key is the configuration's to tell. The forwarder's thread.
 */
final class Complaints {
    private final String url;
    private final Log log;
    private final Clock clock;
    private final OncePerMinute minute = new OncePerMinute();

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

    private boolean isDue() {
        return minute.isDue(clock.nowMs());
    }
}
