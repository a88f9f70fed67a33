package io.dogsled.sim;

/** What one run came to, all sandboxes together. Times are virtual milliseconds of the run. */
final class Meter {
    /** The parts of a run. */
    enum Phase {
        /** After the start, and long enough before the outage for everything to be delivered. */
        NORMAL,
        OUTAGE,
        REST
    }

    private final Plan plan;
    private final int[] requests;
    private final long[] invocations = new long[Phase.values().length];
    private final double[] heldMs = new double[Phase.values().length];
    private final Ages[] ages = {new Ages(), new Ages(), new Ages()};
    private long emitted;
    private long delivered;
    private long lost;
    private long deadLettered;
    private long twice;
    private long killed;

    Meter(Plan plan) {
        this.plan = plan;
        this.requests = new int[(int) (plan.endMs() / 1_000) + 60];
    }

    /** The intake gets a request. */
    void request(long atMs) {
        requests[(int) Math.min(requests.length - 1, atMs / 1_000)]++;
    }

    /** A function ran, and its sandbox was held for so long after it. */
    void invocation(long startMs, long afterMs, int samples) {
        int phase = phase(startMs).ordinal();
        invocations[phase]++;
        heldMs[phase] += afterMs;
        emitted += samples;
    }

    /** Samples made at {@code madeMs} have reached the intake for the first time. */
    void delivered(long madeMs, long arrivedMs, long samples) {
        delivered += samples;
        ages[phase(madeMs).ordinal()].add(Math.max(0, arrivedMs - madeMs), samples);
    }

    /** Samples that the intake has taken once more than it should have, where that adds up. */
    void twice(long samples) {
        twice += samples;
    }

    void lost(long samples) {
        lost += samples;
    }

    /** Written to the log, from where they can be delivered later. */
    void deadLettered(long samples) {
        deadLettered += samples;
    }

    /** The platform ended an invocation at its time-out because the extension held it. */
    void killed() {
        killed++;
    }

    long emitted() {
        return emitted;
    }

    long delivered() {
        return delivered;
    }

    long lost() {
        return lost;
    }

    long deadLettered() {
        return deadLettered;
    }

    long twice() {
        return twice;
    }

    long kills() {
        return killed;
    }

    long invocations() {
        return invocations[0] + invocations[1] + invocations[2];
    }

    /** Milliseconds after the function for an invocation of this phase, mean. */
    double heldMs(Phase phase) {
        int i = phase.ordinal();
        return invocations[i] == 0 ? 0 : heldMs[i] / invocations[i];
    }

    /** The same over all of the run. */
    double heldMs() {
        return invocations() == 0 ? 0 : (heldMs[0] + heldMs[1] + heldMs[2]) / invocations();
    }

    /** Of samples that were made in this phase. */
    Ages ages(Phase phase) {
        return ages[phase.ordinal()];
    }

    Ages ages() {
        Ages all = new Ages();
        for (Ages some : ages) {
            all.add(some);
        }
        return all;
    }

    /** Requests in each second of the run. */
    int[] requests() {
        return requests.clone();
    }

    /** Requests per second, mean of {@code [fromMs, toMs)}. */
    double rate(long fromMs, long toMs) {
        long sum = 0;
        for (int s = (int) (fromMs / 1_000); s < toMs / 1_000; s++) {
            sum += requests[s];
        }
        return sum * 1_000.0 / (toMs - fromMs);
    }

    /** The largest number of requests in one second of {@code [fromMs, toMs)}. */
    int peak(long fromMs, long toMs) {
        int peak = 0;
        for (int s = (int) (fromMs / 1_000); s < toMs / 1_000; s++) {
            peak = Math.max(peak, requests[s]);
        }
        return peak;
    }

    private Phase phase(long atMs) {
        if (atMs >= plan.fromMs() && atMs < plan.toMs()) {
            return Phase.OUTAGE;
        }
        return atMs >= plan.normalFromMs() && atMs < plan.normalToMs() ? Phase.NORMAL : Phase.REST;
    }
}
