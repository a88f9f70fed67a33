package io.dogsled.sim;

import java.util.Random;

/** The intake as a sandbox sees it: what becomes of a request sent at a given moment. Times in virtual milliseconds. */
final class Intake {
    /** What is wrong with it during the outage. */
    enum Fault {
        NONE,
        /** 500, at once. */
        ERRORS,
        /** Requests are taken and never answered. */
        SILENCE,
        /** Everything is taken, and answered after ten seconds. */
        SLOW
    }

    /**
     * What a request came to.
     *
     * @param status 200, 500, or 0: never answered
     * @param atMs when the answer is at the sandbox; without one {@link Long#MAX_VALUE}
     */
    record Answer(int status, long atMs) {
        boolean ok() {
            return status == 200;
        }
    }

    private static final double MEDIAN_MS = 20;
    private static final double SPREAD = 0.4;
    private static final int ERROR_MS = 5;
    private static final long SLOW_MS = 10_000;

    private final Fault fault;
    private final long fromMs;
    private final long toMs;
    private final Meter meter;

    /** Faulty in {@code [fromMs, toMs)}; every request is counted by {@code meter}. */
    Intake(Fault fault, long fromMs, long toMs, Meter meter) {
        this.fault = fault;
        this.fromMs = fromMs;
        this.toMs = toMs;
        this.meter = meter;
    }

    /** A request whose last byte leaves at {@code sentMs}. */
    Answer request(long sentMs, Random random) {
        meter.request(sentMs);
        if (sentMs >= fromMs && sentMs < toMs) {
            switch (fault) {
                case ERRORS -> {
                    return new Answer(500, sentMs + ERROR_MS + random.nextInt(ERROR_MS));
                }
                case SILENCE -> {
                    return new Answer(0, Long.MAX_VALUE);
                }
                case SLOW -> {
                    return new Answer(200, sentMs + SLOW_MS + random.nextInt(100));
                }
                case NONE -> {}
            }
        }
        long tookMs = Math.round(MEDIAN_MS * Math.exp(SPREAD * random.nextGaussian()));
        return new Answer(200, sentMs + Math.max(2, tookMs));
    }
}
