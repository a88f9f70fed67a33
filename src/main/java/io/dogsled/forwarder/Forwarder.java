package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.serializer.PayloadSerializer;

/**
 * Delivers to one endpoint on a thread of its own, so that nobody else ever waits for the network. It owns what it is
 * offered until the intake has acknowledged it.
 *
 * <p>{@link #offer}, {@link #deliver} and {@link #shutdown} are the lambda thread's; {@link #heldSamples} may be called from
 * any. When the time of a delivery is over its exchange is <em>parked</em>: the thread goes on waiting for the answer,
 * across a freeze if need be, and what the payload carries stays owned.
 */
public final class Forwarder {
    /** How a call of {@link #deliver} ended. */
    public enum Progress {
        /** Nothing waited: the network was not touched. */
        IDLE,
        /** Everything was attempted and nothing waits any more. */
        SETTLED,
        /** Everything was attempted, and some of it waits for the next time. */
        KEPT,
        /** The time is over and an exchange is under way. */
        PARKED,
        /** Nothing was attempted: no API key, a pause, or the thread does not run. */
        WITHHELD
    }

    private static final long ABANDON_AGAIN_MS = 20;

    /** Tickets of rounds that were not asked for. */
    private static final long NOTHING_WAITS = -1;

    private static final long LEFT_ALONE = -2;

    private final Endpoint endpoint;
    private final Instruments instruments;
    private final Clock clock;
    private final Outbox outbox;
    private final Courier courier;
    private final Pause pause = new Pause();
    private final Turns turns;
    private final Round round;
    private boolean started;

    /** Written before the last turn is asked for, read after it was given. */
    private volatile Deadline lastDeadline;

    private volatile boolean last;

    /** Assigns; {@link #start} starts the thread. */
    public Forwarder(Endpoint endpoint, PayloadSerializer serializer, Instruments instruments) {
        this.endpoint = endpoint;
        this.instruments = instruments;
        this.clock = instruments.clock();
        this.outbox = new Outbox(instruments.counters(), endpoint.ambiguous());
        this.courier = new Courier(endpoint, instruments.log(), clock);
        this.turns = new Turns(clock);
        this.lastDeadline = Deadline.after(clock.nowNs(), 0);
        Complaints complaints = new Complaints(endpoint.url(), instruments.log(), clock);
        this.round = new Round(outbox, courier, serializer, endpoint, new Round.Watch(instruments, complaints, pause));
    }

    /** Starts the thread; once, after {@code ready}. */
    public void start() {
        Thread thread = new Thread("forwarder") {
            @Override
            public void run() {
                runRounds();
            }
        };
        thread.setDaemon(true);
        started = true;
        thread.start();
    }

    /** Takes over a batch, which may be empty; never waits. */
    public void offer(MetricBatch batch) {
        outbox.offer(batch, clock.nowMs());
    }

    /** Has everything that was offered before this call attempted once, in the background; never waits. */
    public void begin() {
        if (!outbox.isIdle() && canSend() && !pause.isOn(clock.nowMs())) {
            turns.ask();
        }
    }

    /** Opens the connection ahead, in the background, if there is no fresh one and the intake is well; never waits. */
    public void prepare() {}

    /** Whether the breaker is open: to wait for this endpoint makes no sense now. */
    public boolean isOpen() {
        return pause.isOn(clock.nowMs());
    }

    /** Smoothed milliseconds of an exchange that was settled on a warm connection; −1 = there was none yet. */
    public long answerMs() {
        return -1;
    }

    /** The oldest bucket that waits or is in the air, seconds since the epoch; {@link Long#MAX_VALUE} = nothing does. */
    public long oldestS() {
        return outbox.oldestS();
    }

    /**
     * Has everything that was offered before this call attempted once, and waits for it.
     *
     * @param deadline when this call returns at the latest; what is under way then goes on without it
     */
    public Progress deliver(Deadline deadline) {
        return await(ask(), deadline);
    }

    /** The first half of {@link #deliver}: asks, and does not wait, so that several endpoints can be asked at once. */
    long ask() {
        if (outbox.isIdle()) {
            return NOTHING_WAITS;
        }
        if (!canSend() || (pause.isOn(clock.nowMs()) && !turns.isRunning())) {
            return LEFT_ALONE;
        }
        return turns.ask();
    }

    /** The second half: waits for what was asked for. */
    Progress await(long ticket, Deadline deadline) {
        if (ticket < 0) {
            return ticket == NOTHING_WAITS ? Progress.IDLE : Progress.WITHHELD;
        }
        if (turns.await(ticket, deadline)) {
            return outbox.isIdle() ? Progress.SETTLED : Progress.KEPT;
        }
        if (courier.isUnderWayLongerThan(Round.EXCHANGE_MS)) {
            courier.abandon();
        }
        return Progress.PARKED;
    }

    /**
     * The sandbox ends: one attempt at everything, newest bucket first, whatever the endpoint asked for; what is not
     * delivered then is counted as lost. An exchange under way gets half of the time, then its connection is closed.
     *
     * @param deadline when this call returns at the latest
     */
    public Progress shutdown(Deadline deadline) {
        round.hurry();
        Progress progress = attemptLast(deadline);
        outbox.close();
        turns.close();
        courier.abandon();
        return progress;
    }

    /**
     * This process is a copy of another: its connection is not ours to use, and what it held before {@code beforeS} is not ours to
     * send. An exchange under way is ended.
     *
     * @param deadline when this call returns at the latest; what is in the air then stays held
     * @return samples lost, as {@link Counter#LOST_SNAPSHOT}
     */
    public long beginAnew(long beforeS, Deadline deadline) {
        courier.abandon();
        endRoundUnderWay(deadline);
        pause.end();
        return outbox.loseOlder(beforeS, Counter.LOST_SNAPSHOT);
    }

    /** Whether anything waits to be sent, or is being sent. */
    public boolean hasPending() {
        return !outbox.isIdle();
    }

    /** Samples taken over and not settled yet, given up ones of open buckets among them. */
    public long heldSamples() {
        return outbox.heldSamples();
    }

    private Progress attemptLast(Deadline deadline) {
        if (outbox.isIdle()) {
            return Progress.IDLE;
        }
        if (!canSend()) {
            return Progress.WITHHELD;
        }
        endRoundUnderWay(deadline);
        if (!outbox.isIdle()) {
            lastDeadline = deadline;
            last = true;
            if (!turns.await(turns.ask(), deadline)) {
                return Progress.PARKED;
            }
        }
        return outbox.isIdle() ? Progress.SETTLED : Progress.KEPT;
    }

    private void endRoundUnderWay(Deadline deadline) {
        long nowNs = clock.nowNs();
        boolean idle = turns.awaitIdle(Deadline.after(nowNs, deadline.remainingMs(nowNs) / 2));
        while (!idle && !deadline.isOver(clock.nowNs())) {
            courier.abandon();
            idle = turns.awaitIdle(
                    Deadline.after(clock.nowNs(), ABANDON_AGAIN_MS).earlier(deadline));
        }
    }

    private boolean canSend() {
        return started && (!endpoint.keys().key().isEmpty() || endpoint.keys().canChange());
    }

    /** A key that is in a file is read here: no other thread may have to wait for a file. */
    private boolean hasKey() {
        return !endpoint.keys().key().isEmpty() || endpoint.keys().refresh(clock.nowMs());
    }

    private void runRounds() {
        try {
            for (long ticket = turns.next(); ticket >= 0; ticket = turns.next()) {
                if (hasKey()) {
                    runRound();
                }
                turns.done(ticket);
            }
        } catch (InterruptedException e) {
            turns.close();
        }
    }

    @SuppressWarnings(
            "CatchingUnchecked") // the top of the thread: a bug costs one round, not the delivery of all others
    private void runRound() {
        try {
            if (last) {
                round.runLast(lastDeadline);
            } else {
                round.run();
            }
        } catch (RuntimeException | Error e) {
            instruments.counters().increment(Counter.INTERNAL_ERRORS);
            instruments.log().error("forwarder: unexpected " + e + "; the next flush tries again");
        }
    }
}
