package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.serializer.PayloadSerializer;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Delivers to one endpoint on threads of its own, so that nobody else ever waits for the network. It owns what it is
 * offered until the intake has acknowledged it.
 *
 * <p>{@link #offer}, {@link #deliver}, {@link #shutdown} and the like are the lambda thread's; what only asks, and
 * {@link #heldSamples}, may be called from any. When the time of a delivery is over its exchange is <em>parked</em>: the thread goes on waiting for the answer,
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
        /** Nobody waited: no API key, the breaker is open, or the thread does not run. */
        WITHHELD
    }

    private static final long ABANDON_AGAIN_MS = 20;

    /** What is kept of the last time for dead letters, at most, and as a share of it. */
    private static final long LETTERS_MS = 150;

    private static final long LETTERS_SHARE = 8;

    /** Tickets of rounds that were not asked for. */
    private static final long NOTHING_WAITS = -1;

    private static final long LEFT_ALONE = -2;

    /** Without an outcome for so long, a further lane is worth its connection. */
    private static final long WIDEN_MS = 15;

    /** The same where answers are known to take long: the second kind need not wait to find that out. */
    private static final long WIDEN_SLOW_MS = 2;

    private static final long SLOW_ANSWER_MS = 8;

    /** The same while the first lane opens its connection: a second handshake at the same time helps less. */
    private static final long WIDEN_COLD_MS = 100;

    private static final long NS_PER_MS = 1_000_000L;
    private static final long PREPARE_MS = 5_000;
    private static final long PREPARED_MS = 1_000;

    private final Endpoint endpoint;
    private final Instruments instruments;
    private final Clock clock;
    private final Outbox outbox;
    private final Courier courier;
    private final Breaker breaker;
    private final Complaints complaints;
    private final Turns turns;
    private final Round round;
    private final Lanes lanes;
    private final AnswerTime answerTime = new AnswerTime();
    private @Nullable DeadLetters deadLetters;
    private boolean started;
    private long askedNs;

    /** Written before the last turn is asked for, read after it was given. */
    private volatile Deadline lastDeadline;

    private volatile boolean last;

    /** Assigns; {@link #start} starts the thread. {@code serializer}: this forwarder's alone. */
    public Forwarder(Endpoint endpoint, PayloadSerializer serializer, Instruments instruments) {
        this.endpoint = endpoint;
        this.instruments = instruments;
        this.clock = instruments.clock();
        this.outbox = new Outbox(instruments.counters(), endpoint.ambiguous(), endpoint.queueBytes());
        this.courier = new Courier(endpoint, clock);
        this.breaker = new Breaker(new Random());
        this.turns = new Turns(clock);
        this.lastDeadline = Deadline.after(clock.nowNs(), 0);
        this.complaints = new Complaints(endpoint.url(), instruments.log(), clock);
        this.round = new Round(outbox, serializer, endpoint, new Round.Watch(instruments, complaints, breaker));
        this.lanes = new Lanes(round, courier, instruments, answerTime);
    }

    /** What remains at the end is written there; before {@link #start}. Without a key nothing is: one line has said so. */
    void writeRemainsTo(DeadLetters letters) {
        deadLetters = letters;
    }

    /** Starts the thread; once, after {@code ready}. */
    public void start() {
        Thread thread = new Thread("forwarder") {
            @Override
            public void run() {
                takeTurns();
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

    /**
     * Has everything that was offered before this call attempted once, in the background; never waits. With the breaker open
     * that is one small probe, and everything once that is answered; within a window it is nothing.
     */
    public void begin() {
        complaints.sayChanges();
        lanes.abandonOlderThan(Round.EXCHANGE_MS);
        if (!outbox.isIdle() && canSend() && breaker.maySend(clock.nowMs())) {
            turns.ask();
        }
    }

    /** Opens the connection ahead, in the background, if there is no fresh one and the intake is well; never waits. */
    public void prepare() {
        if (canSend() && !breaker.isOpen(clock.nowMs()) && !courier.wasUsedWithin(PREPARED_MS)) {
            turns.askPrepare();
        }
    }

    /** Whether to wait for this endpoint makes no sense now: the breaker is open, or nothing can be sent at all. */
    public boolean isOpen() {
        return !canSend() || breaker.isOpen(clock.nowMs());
    }

    /** Smoothed milliseconds of an exchange that was settled on a warm connection; −1 = there was none yet. */
    public long answerMs() {
        return answerTime.ms();
    }

    /**
     * Has everything that was offered before this call attempted once, and waits for it, unless the breaker is open: then this
     * is {@link #begin}. To run out of time is held against the endpoint.
     *
     * @param deadline when this call returns at the latest; what is under way then goes on without it
     */
    public Progress deliver(Deadline deadline) {
        return await(ask(), deadline);
    }

    /**
     * As {@link #deliver}, for somebody whose time is short on purpose: to run out of it says nothing about the endpoint.
     *
     * @param patience when this call returns at the latest; what is under way then goes on without it
     */
    public Progress send(Deadline patience) {
        return awaitBriefly(ask(), patience);
    }

    /** The first half of {@link #deliver}: asks, and does not wait, so that several endpoints can be asked at once. */
    long ask() {
        if (outbox.isIdle()) {
            return NOTHING_WAITS;
        }
        if (!canSend() || !breaker.beginFlush(clock.nowMs())) {
            begin();
            return LEFT_ALONE;
        }
        lanes.abandonOlderThan(Round.EXCHANGE_MS);
        askedNs = clock.nowNs();
        answerTime.begin();
        return turns.ask();
    }

    /** The second half: waits for what was asked for. */
    Progress await(long ticket, Deadline deadline) {
        Progress progress = awaitBriefly(ticket, deadline);
        if (progress == Progress.PARKED) {
            round.late(clock.nowMs());
        }
        return progress;
    }

    /** The second half of {@link #send}. */
    Progress awaitBriefly(long ticket, Deadline patience) {
        if (ticket < 0) {
            return ticket == NOTHING_WAITS ? Progress.IDLE : Progress.WITHHELD;
        }
        if (await(ticket, patience, Lanes.MOST)) {
            answerTime.settled();
            round.inTime();
            return outbox.isIdle() ? Progress.SETTLED : Progress.KEPT;
        }
        answerTime.atLeast(clock.nowNs() - askedNs);
        lanes.abandonOlderThan(Round.EXCHANGE_MS);
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
        complaints.sayChanges();
        Progress progress = attemptLast(deadLetters == null ? deadline : beforeLetters(deadline));
        if (deadLetters != null && canSend() && outbox.heldSamples() > 0) {
            settleLast(deadline);
            writeRemains(deadLetters, deadline);
        }
        outbox.close();
        turns.close();
        lanes.abandon();
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
        lanes.abandon();
        endRoundUnderWay(deadline);
        breaker.reset(clock.nowMs() ^ clock.nowNs());
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

    /** Waits for a turn, and widens the road where the intake is slow. */
    private boolean await(long ticket, Deadline deadline, int mostLanes) {
        long settled = round.settled();
        long sinceNs = clock.nowNs();
        long sliceMs = Math.min(WIDEN_MS, patienceMs());
        while (!turns.await(ticket, Deadline.after(clock.nowNs(), sliceMs).earlier(deadline))) {
            long nowNs = clock.nowNs();
            if (deadline.isOver(nowNs) || turns.isClosed()) {
                return false;
            }
            if (round.settled() != settled) {
                settled = round.settled();
                sinceNs = nowNs;
            } else if (nowNs - sinceNs >= patienceMs() * NS_PER_MS && round.hasUncarved()) {
                lanes.widen(mostLanes);
            }
            sliceMs = Math.min(WIDEN_MS, 2 * sliceMs);
        }
        return true;
    }

    /** How long nothing may come back before a further lane is worth it. */
    private long patienceMs() {
        if (!courier.isOpen()) {
            return WIDEN_COLD_MS;
        }
        return answerTime.ms() >= SLOW_ANSWER_MS ? WIDEN_SLOW_MS : WIDEN_MS;
    }

    private Deadline beforeLetters(Deadline deadline) {
        long nowNs = clock.nowNs();
        long leftMs = deadline.remainingMs(nowNs);
        return Deadline.after(nowNs, leftMs - Math.min(LETTERS_MS, leftMs / LETTERS_SHARE));
    }

    @SuppressWarnings("CatchingUnchecked") // a bug costs the letters; what is left is counted all the same
    private void writeRemains(DeadLetters letters, Deadline deadline) {
        try {
            letters.write(outbox.takeRemains(), deadline);
        } catch (RuntimeException e) {
            instruments.counters().increment(Counter.INTERNAL_ERRORS);
            instruments.log().error("dead letters: unexpected " + e + "; what they should have held is lost");
        }
    }

    /** What is under way ends here: how far it got says whether it may have arrived. */
    private void settleLast(Deadline deadline) {
        lanes.abandon();
        turns.awaitIdle(Deadline.after(clock.nowNs(), ABANDON_AGAIN_MS).earlier(deadline));
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
            if (!await(turns.ask(), deadline, Lanes.MOST_LAST)) {
                return Progress.PARKED;
            }
        }
        return outbox.isIdle() ? Progress.SETTLED : Progress.KEPT;
    }

    private void endRoundUnderWay(Deadline deadline) {
        long nowNs = clock.nowNs();
        boolean idle = turns.awaitIdle(Deadline.after(nowNs, deadline.remainingMs(nowNs) / 2));
        while (!idle && !deadline.isOver(clock.nowNs())) {
            lanes.abandon();
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

    private void takeTurns() {
        try {
            for (long ticket = turns.next(); ticket >= 0; ticket = turns.next()) {
                takeTurn(ticket);
                turns.done(ticket);
            }
        } catch (InterruptedException e) {
            turns.close();
        }
    }

    @SuppressWarnings(
            "CatchingUnchecked") // the top of the thread: a bug costs one round, not the delivery of all others
    private void takeTurn(long ticket) throws InterruptedException {
        try {
            if (ticket == Turns.PREPARE) {
                lanes.prepare(Deadline.after(clock.nowNs(), PREPARE_MS));
            } else {
                runRound();
            }
        } catch (RuntimeException | Error e) {
            instruments.counters().increment(Counter.INTERNAL_ERRORS);
            instruments.log().error("forwarder: unexpected " + e + "; the next flush tries again");
        }
    }

    private void runRound() throws InterruptedException {
        if (!hasKey()) {
            return;
        }
        if (last) {
            round.beginLast(lastDeadline);
        } else if (!round.begin(clock.nowMs())) {
            return;
        }
        try {
            lanes.run();
        } finally {
            round.end(clock.nowMs());
            complaints.sayChanges();
        }
    }
}
