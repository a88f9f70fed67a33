package io.dogsled.flush;

/**
 * What a decision is made from, beside the strategy and the moment.
 *
 * @param nowMs wall clock, since intervals and ages go on while the sandbox is frozen
 * @param lastFlushMs when the buckets were last taken out, wall clock, 0 = not yet: nothing that waits in them is older
 * @param steady invocations in a row that came soon after the one before: {@link Arrivals#steady}
 * @param gapMs their usual distance: {@link Arrivals#gapMs}
 * @param open whether the breaker is open, so that to wait for the intake makes no sense
 * @param answerMs how long the intake usually takes to answer, −1 = not known yet
 * @param kept whether the forwarder has something that was not acknowledged
 * @param waiting samples in the buckets that no flush has taken out
 * @param expects whether there will probably be something to send at the end: something waits, or the last flush had something
 */
public record FlushState(
        long nowMs,
        long lastFlushMs,
        int steady,
        long gapMs,
        boolean open,
        long answerMs,
        boolean kept,
        long waiting,
        boolean expects) {

    /**
     * Milliseconds since the last flush, at most so old is what waits; {@link Long#MAX_VALUE} if there was none, and if the clock was
     * set back, so that nothing waits for a time that is not known to pass.
     */
    public long ageMs() {
        return lastFlushMs == 0 || nowMs < lastFlushMs ? Long.MAX_VALUE : nowMs - lastFlushMs;
    }
}
