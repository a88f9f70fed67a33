package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Log;
import io.dogsled.base.OncePerMinute;

/**
 * Log lines about one endpoint, at most one a minute, since a failing intake fails with every invocation and the customer
 * pays for each line; that nobody waits for it any more, and that it is well again, at most one a minute each. A missing key is
 * the configuration's to tell. Any thread.
 */
final class Complaints {
    private final String url;
    private final Log log;
    private final Clock clock;
    private final OncePerMinute minute = new OncePerMinute();
    private final OncePerMinute openings = new OncePerMinute();
    private final OncePerMinute recoveries = new OncePerMinute();

    // guarded by this: what has not been said yet
    private boolean opened;
    private boolean recovered;

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
            log.warn("intake " + url + ": the API key is not accepted (403); check DD_API_KEY and DD_SITE"
                    + " (or DD_ADDITIONAL_ENDPOINTS, if it is one of these)");
        }
    }

    /** The breaker opened, or the endpoint is well again: to be said when nobody waits, since a first line costs 20 ms. */
    synchronized void changed(Breaker.Change change) {
        opened |= change == Breaker.Change.OPENED;
        recovered |= change == Breaker.Change.RECOVERED;
    }

    /** Says what {@link #changed}. */
    void sayChanges() {
        boolean sayOpened;
        boolean sayRecovered;
        synchronized (this) {
            sayOpened = opened && openings.isDue(clock.nowMs());
            sayRecovered = recovered && recoveries.isDue(clock.nowMs());
            opened = false;
            recovered = false;
        }
        if (sayOpened) {
            log.warn("intake " + url
                    + ": two flushes in a row failed or came too late; no invocation waits for it now, and it"
                    + " is tried in the background");
        }
        if (sayRecovered) {
            log.info("intake " + url + ": answers again; what was held is being delivered");
        }
    }

    private synchronized boolean isDue() {
        return minute.isDue(clock.nowMs());
    }
}
