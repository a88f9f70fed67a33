package io.dogsled.sim;

import java.util.Random;

/**
 * <b>A model</b> of the Datadog Agent's serverless mode (pkg/serverless: flush/strategy.go, flush/backoff, daemon/daemon.go; the
 * forwarder: comp/forwarder/defaultforwarder/sync_forwarder.go), as read, not run. Adaptive: at the end until the last 30
 * arrivals, 20 at least, have a mean distance below 120 s, then every 20 s at a start; or always at the end.
 *
 * <p>A flush sends series, even if there are none, and sketches side by side; each request has 5 s, is tried once more at once, and is
 * gone then. It is waited for 5 s; what takes longer goes on, and the next flush waits for it. Such a flush, and only such a one,
 * counts as failed: the next are left out for 2, 4, 8 … 300 s, without jitter. SHUTDOWN asks the strategy, too, so that a
 * periodic one leaves the last flush out. What blocks during a slow flush (samples, the next invocation) is not modelled.
 */
final class GoAgentModel implements Extension {
    private static final long TIMEOUT_MS = 5_000;
    private static final long PERIOD_MS = 20_000;
    private static final int HISTORY = 30;
    private static final int ENOUGH = 20;
    private static final long RARE_MS = 120_000;
    private static final long WORK_MS = 2;

    private final boolean adaptive;
    private final Meter meter;
    private final Line series;
    private final Line sketches;
    private final long[] arrivals = new long[HISTORY];
    private int count;
    private boolean periodic;
    private long lastFlushMs = Long.MIN_VALUE / 2;
    private long busyUntilMs;
    private int failures;
    private long windowEndMs;

    GoAgentModel(boolean adaptive, Intake intake, Meter meter, Random random) {
        this.adaptive = adaptive;
        this.meter = meter;
        this.series = new Line(intake, meter, random, true);
        this.sketches = new Line(intake, meter, random, false);
    }

    @Override
    public long invocation(long startMs, long endMs, int samples) {
        arrivals[count % HISTORY] = startMs;
        count++;
        long doneMs = endMs;
        boolean atStart = periodic;
        if (atStart && startMs - lastFlushMs > PERIOD_MS && startMs >= windowEndMs) {
            doneMs = Math.max(doneMs, flush(startMs, TIMEOUT_MS));
        }
        sketches.waiting.add(endMs, 1);
        series.waiting.add(endMs, samples - 1L);
        if (!atStart) {
            doneMs = endMs + WORD_OF_END_MS;
            if (doneMs >= windowEndMs) {
                doneMs = flush(doneMs, TIMEOUT_MS);
            }
        }
        return doneMs;
    }

    @Override
    public void shutdown(long nowMs) {
        if (!periodic && nowMs >= windowEndMs) {
            flush(nowMs, SHUTDOWN_MS);
        }
        kill(nowMs);
    }

    @Override
    public void kill(long nowMs) {
        meter.lost(series.waiting.clear() + sketches.waiting.clear());
    }

    /** Returns when the caller goes on. */
    private long flush(long nowMs, long patienceMs) {
        long startMs = Math.max(nowMs, busyUntilMs) + WORK_MS;
        boolean begun = startMs < nowMs + patienceMs;
        if (begun) {
            busyUntilMs = Math.max(series.send(startMs, TIMEOUT_MS), sketches.send(startMs, TIMEOUT_MS));
        }
        boolean late = !begun || busyUntilMs > nowMs + patienceMs;
        long backMs = late ? nowMs + patienceMs : busyUntilMs;
        failures = late ? failures + 1 : 0;
        windowEndMs = late ? backMs + Math.min(300, 1L << Math.min(failures, 10)) * 1_000 : 0;
        lastFlushMs = nowMs;
        if (adaptive) {
            periodic = isFrequent();
        }
        return backMs;
    }

    private boolean isFrequent() {
        int n = Math.min(count, HISTORY);
        long spanMs = arrivals[(count - 1) % HISTORY] - arrivals[(count - n) % HISTORY];
        return n >= ENOUGH && spanMs / (n - 1) < RARE_MS;
    }

    /** Requests of one kind: the payload, once more if need be, then it is gone. */
    private static final class Line {
        private static final int ATTEMPTS = 2;

        private final Pending waiting = new Pending();
        private final Intake intake;
        private final Meter meter;
        private final Random random;
        private final boolean evenIfEmpty;

        Line(Intake intake, Meter meter, Random random, boolean evenIfEmpty) {
            this.intake = intake;
            this.meter = meter;
            this.random = random;
            this.evenIfEmpty = evenIfEmpty;
        }

        /** Returns when it has given up, or the answer is there. */
        long send(long nowMs, long timeoutMs) {
            if (waiting.held() == 0 && !evenIfEmpty) {
                return nowMs;
            }
            long atMs = nowMs;
            boolean taken = false;
            for (int i = 0; i < ATTEMPTS; i++) {
                Intake.Answer answer = intake.request(atMs, random);
                if (answer.ok()) {
                    if (taken) {
                        meter.twice(waiting.held());
                    }
                    taken = true;
                }
                if (answer.atMs() <= atMs + timeoutMs && answer.ok()) {
                    waiting.deliver(waiting.held(), answer.atMs(), meter);
                    return answer.atMs();
                }
                atMs = Math.min(answer.atMs(), atMs + timeoutMs);
            }
            if (taken) {
                waiting.deliver(waiting.held(), atMs, meter); // nobody read the answer, but the intake has it
            }
            meter.lost(waiting.clear());
            return atMs;
        }
    }
}
