package io.dogsled.sim;

import java.util.Random;

/**
 * <b>A model</b> of gostatsd's Lambda extension, after what was measured of it: a flush at the end of each invocation, waited for;
 * after a 500 the payload is tried again with exponential backoff (500 ms, times 1.5, each ± 50 %) until 40 s are over, and is gone
 * then; without an answer the invocation is held until its time-out.
 */
final class GostatsdModel implements Extension {
    private static final long GIVES_UP_MS = 40_000;
    private static final double FIRST_MS = 500;
    private static final double FACTOR = 1.5;
    private static final long WORK_MS = 2;

    private final Intake intake;
    private final Meter meter;
    private final Random random;
    private final Pending waiting = new Pending();

    GostatsdModel(Intake intake, Meter meter, Random random) {
        this.intake = intake;
        this.meter = meter;
        this.random = random;
    }

    @Override
    public long invocation(long startMs, long endMs, int samples) {
        waiting.add(endMs, samples);
        return flush(endMs + WORD_OF_END_MS + WORK_MS, startMs + TIME_OUT_MS);
    }

    @Override
    public void shutdown(long nowMs) {
        kill(nowMs);
    }

    @Override
    public void kill(long nowMs) {
        meter.lost(waiting.clear());
    }

    /** Returns when it is over; later than {@code killMs} if it is not. */
    private long flush(long nowMs, long killMs) {
        long atMs = nowMs;
        double pauseMs = FIRST_MS;
        while (atMs < killMs) {
            Intake.Answer answer = intake.request(atMs, random);
            if (answer.status() == 0) {
                return Long.MAX_VALUE;
            }
            if (answer.ok()) {
                waiting.deliver(waiting.held(), answer.atMs(), meter);
                return answer.atMs();
            }
            atMs = answer.atMs() + Math.round(pauseMs * (0.5 + random.nextDouble()));
            pauseMs *= FACTOR;
            if (atMs > nowMs + GIVES_UP_MS) {
                meter.lost(waiting.clear());
                return answer.atMs();
            }
        }
        return Long.MAX_VALUE;
    }
}
