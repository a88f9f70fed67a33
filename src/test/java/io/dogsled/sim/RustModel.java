package io.dogsled.sim;

import java.util.Random;

/**
 * <b>A model</b> of the Agent's successor (DataDog/datadog-lambda-extension, bottlecap/src/lifecycle and datadog-agent-config's flush_strategy.rs;
 * crates/dogstatsd/src/flusher.rs), as read, not run. By default at the end until 20 arrivals have a mean distance below 120 s;
 * then every 20 s at a start, waited for, or, if the 20 span less than 30 s, every 20 s without being waited for and never two at
 * a time.
 *
 * <p>A batch is tried three times at once, 30 s each; what failed is handed back, tried three times more with the next flush,
 * and is gone then. There is no breaker.
 */
final class RustModel implements Extension {
    private static final int ATTEMPTS = 3;
    private static final long TIMEOUT_MS = 30_000;
    private static final int HISTORY = 20;
    private static final long RARE_MS = 120_000;
    private static final long DENSE_MS = 30_000;
    private static final long PERIOD_MS = 20_000;
    private static final long WORK_MS = 2;

    private final Intake intake;
    private final Meter meter;
    private final Random random;
    private final Pending waiting = new Pending();
    private final Pending handedBack = new Pending();
    private final long[] arrivals = new long[HISTORY];
    private int count;
    private long lastFlushMs = Long.MIN_VALUE / 2;
    private long busyUntilMs;

    RustModel(Intake intake, Meter meter, Random random) {
        this.intake = intake;
        this.meter = meter;
        this.random = random;
    }

    @Override
    public long invocation(long startMs, long endMs, int samples) {
        arrivals[count % HISTORY] = startMs;
        count++;
        long spanMs = count < HISTORY ? Long.MAX_VALUE : startMs - arrivals[count % HISTORY];
        boolean frequent = spanMs / (HISTORY - 1) < RARE_MS;
        long doneMs = endMs;
        if (frequent && startMs - lastFlushMs >= PERIOD_MS && startMs >= busyUntilMs) {
            flush(startMs);
            if (spanMs >= DENSE_MS) {
                doneMs = Math.max(doneMs, busyUntilMs);
            }
        }
        waiting.add(endMs, samples);
        if (!frequent) {
            flush(endMs + WORD_OF_END_MS);
            doneMs = busyUntilMs;
        }
        return doneMs;
    }

    @Override
    public void shutdown(long nowMs) {
        flush(nowMs);
        kill(nowMs);
    }

    @Override
    public void kill(long nowMs) {
        meter.lost(waiting.clear() + handedBack.clear());
    }

    private void flush(long nowMs) {
        lastFlushMs = nowMs;
        long startMs = Math.max(nowMs, busyUntilMs) + WORK_MS;
        long backMs = handedBack.held() == 0 ? startMs : send(handedBack, startMs);
        meter.lost(handedBack.clear());
        busyUntilMs = Math.max(backMs, Math.max(send(waiting, startMs), send(null, startMs)));
        handedBack.take(waiting);
    }

    /** Series go with {@code batch}, sketches are a request of their own that fares as they do: {@code null}. */
    private long send(@org.jspecify.annotations.Nullable Pending batch, long nowMs) {
        long atMs = nowMs;
        for (int i = 0; i < ATTEMPTS; i++) {
            Intake.Answer answer = intake.request(atMs, random);
            if (answer.ok() && answer.atMs() <= atMs + TIMEOUT_MS) {
                if (batch != null) {
                    batch.deliver(batch.held(), answer.atMs(), meter);
                }
                return answer.atMs();
            }
            atMs = Math.min(answer.atMs(), atMs + TIMEOUT_MS);
        }
        return atMs;
    }
}
