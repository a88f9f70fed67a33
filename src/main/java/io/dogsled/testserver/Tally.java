package io.dogsled.testserver;

import io.dogsled.testserver.TimedRequest.Outcome;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is counted about requests. Every counter is written by connection threads and read by any thread; once nothing is
 * in flight, {@code total = accepted + retried + failed + aborted}.
 */
final class Tally {
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong retried = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong aborted = new AtomicLong();
    private final AtomicLong malformed = new AtomicLong();
    private final AtomicLong active = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();

    /** A request has begun. The maximum is taken atomically; the Agent's own load-compare-swap can lose one. */
    void enter() {
        total.incrementAndGet();
        peak.accumulateAndGet(active.incrementAndGet(), Math::max);
    }

    void leave() {
        active.decrementAndGet();
    }

    /** Counts the outcome of an answered request: 408 and 5xx are retried, 2xx accepted, all else failed, 429 too. */
    Outcome count(int status) {
        if (status == 408 || status / 100 == 5) {
            retried.incrementAndGet();
            return Outcome.RETRIED;
        }
        if (status / 100 == 2) {
            accepted.incrementAndGet();
            return Outcome.ACCEPTED;
        }
        failed.incrementAndGet();
        return Outcome.FAILED;
    }

    /** A request ended without an outcome: its body could not be read, or a script or its own body forbade an answer. */
    void abort() {
        aborted.incrementAndGet();
    }

    /** Something came that is not a request; it is not in the total. */
    void malformed() {
        malformed.incrementAndGet();
    }

    Counts counts() {
        return new Counts(
                total.get(),
                accepted.get(),
                retried.get(),
                failed.get(),
                aborted.get(),
                malformed.get(),
                active.get(),
                peak.get());
    }

    /** The counters at one moment, in the order in which a person asks for them. */
    record Counts(
            long total,
            long accepted,
            long retried,
            long failed,
            long aborted,
            long malformed,
            long active,
            long peak) {}
}
