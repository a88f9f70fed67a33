package io.dogsled.dogstatsd;

import io.dogsled.base.Log;

/**
 * One warning per kind of bad line for the life of the process, so that a person learns of it and no sender can fill the log; every
 * line at debug. Owned by one {@link DatagramParser}.
 */
final class RejectionLog implements RejectionListener {
    private static final int SHOWN_BYTES = 200;

    private final Log log;
    private final boolean[] warned = new boolean[Rejection.values().length];

    RejectionLog(Log log) {
        this.log = log;
    }

    @Override
    public void onRejection(Rejection rejection, byte[] buffer, int from, int to) {
        boolean first = !warned[rejection.ordinal()];
        if (!first && !log.isDebug()) {
            return;
        }
        warned[rejection.ordinal()] = true;
        int shownTo = Math.min(to, from + SHOWN_BYTES);
        String line = "dogstatsd: " + shortened(rejection.errorText(buffer, from, to)) + " in the line "
                + GoQuote.of(buffer, from, shownTo) + (shownTo < to ? "…" : "") + "; the line is dropped";
        if (first) {
            log.warn(line + " (further ones are only counted, as rejected \""
                    + rejection.counter().label() + "\")");
        } else {
            log.debug(line);
        }
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN_BYTES ? text : text.substring(0, SHOWN_BYTES) + "…";
    }
}
