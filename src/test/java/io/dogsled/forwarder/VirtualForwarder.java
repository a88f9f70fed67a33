package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.serializer.PayloadSerializer;
import io.dogsled.testing.ManualClock;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * {@link Forwarder} without threads and sockets, in virtual time: the engine's own {@link Outbox}, {@link Round}, {@link Breaker} and
 * {@link AnswerTime}, driven as {@link Forwarder}, {@link Lane} and {@link Turns} drive them. What lies between is a function
 * from the moment of a request to that of its answer.
 *
 * <p>An answer is read when the sandbox runs: whoever thaws it moves the clock first, and what came meanwhile is read then.
 */
public final class VirtualForwarder {
    /** The intake, seen from here. */
    public interface Network {
        /** A request leaves; its end in virtual milliseconds, {@link Long#MAX_VALUE} = never, negated if it is a 500. */
        long request(long sentMs);
    }

    /** Told of samples that the intake acknowledged, with the time at which it took them. */
    public interface Deliveries {
        void delivered(long samples, long tookMs);
    }

    /** TCP, TLS and the CPU for them. */
    private static final long CONNECT_MS = 30;

    /** An idle connection is not trusted for longer. */
    private static final long FRESH_MS = 55_000;

    private static final long ENCODE_MS = 1;
    private static final long WIDEN_MS = 15;
    private static final long WIDEN_SLOW_MS = 2;
    private static final long SLOW_ANSWER_MS = 8;
    private static final long QUEUE_BYTES = 4 << 20;

    private final ManualClock clock;
    private final Network network;
    private final Deliveries deliveries;
    private final Counters counters;
    private final Outbox outbox;
    private final Breaker breaker;
    private final Round round;
    private final AnswerTime answerTime = new AnswerTime();
    private final Lane[] lanes = {new Lane(), new Lane(), new Lane(), new Lane()};
    private boolean running;
    private boolean again;
    private long roundsDone;

    public VirtualForwarder(
            ManualClock clock, Counters counters, Random random, Network network, Deliveries deliveries) {
        this.clock = clock;
        this.network = network;
        this.deliveries = deliveries;
        this.counters = counters;
        Endpoint endpoint = new Endpoint("http://intake", ApiKeySource.plain("key"), Ambiguous.RESEND);
        Instruments instruments = new Instruments(clock, counters, new Log(Log.Level.OFF));
        this.outbox = new Outbox(counters, Ambiguous.RESEND, QUEUE_BYTES);
        this.breaker = new Breaker(random);
        Complaints complaints = new Complaints(endpoint.url(), instruments.log(), clock);
        this.round = new Round(
                outbox, new PayloadSerializer(false), endpoint, new Round.Watch(instruments, complaints, breaker));
    }

    /** As {@link Forwarder#offer}. */
    public void offer(MetricBatch batch) {
        outbox.offer(batch, now());
    }

    /** As {@link Forwarder#begin}. */
    public void begin() {
        readAnswers(now());
        if (!outbox.isIdle() && breaker.maySend(now())) {
            ask();
        }
    }

    /** As {@link Forwarder#prepare}. */
    public void prepare() {
        if (!breaker.isOpen(now())) {
            lanes[0].connect(now());
        }
    }

    /**
     * As {@link Forwarder#deliver}, or {@link Forwarder#send} if {@code brief}; the clock is then at the moment at which it returns.
     */
    public void deliver(long budgetMs, boolean brief) {
        if (outbox.isIdle()) {
            return;
        }
        if (!breaker.beginFlush(now())) {
            begin();
            return;
        }
        long startMs = now();
        answerTime.begin();
        long wanted = roundsDone + (running ? 2 : 1);
        ask();
        if (await(wanted, startMs + budgetMs, Lanes.MOST)) {
            answerTime.settled();
            round.inTime();
            return;
        }
        answerTime.atLeast((now() - startMs) * 1_000_000);
        if (!brief) {
            round.late(now());
        }
    }

    /** Reads what has come by now, and by {@code toMs}, which the clock then shows: the sandbox runs until then. */
    public void runUntil(long toMs) {
        readAnswers(toMs);
        moveTo(toMs);
    }

    /** As {@link Forwarder#isOpen}. */
    public boolean isOpen() {
        return breaker.isOpen(now());
    }

    /** As {@link Forwarder#answerMs}. */
    public long answerMs() {
        return answerTime.ms();
    }

    /** As {@link Forwarder#hasPending}. */
    public boolean hasPending() {
        return !outbox.isIdle();
    }

    /** As {@link Forwarder#heldSamples}. */
    public long heldSamples() {
        return outbox.heldSamples();
    }

    /**
     * As {@link Forwarder#shutdown}, but that what remains stays held, so that whoever asks can say how much was left for dead
     * letters.
     */
    public void attemptLast(long budgetMs) {
        round.hurry();
        long endMs = now() + budgetMs;
        if (running) {
            await(roundsDone + 1, now() + budgetMs / 2, 1);
            abandon();
        }
        again = false;
        if (!outbox.isIdle()) {
            round.beginLast(Deadline.after(clock.nowNs(), endMs - now()));
            running = true;
            pump(lanes[0]);
            finishIfIdle();
            await(roundsDone + 1, endMs, Lanes.MOST_LAST);
        }
    }

    /** What is held is lost: {@link Outbox#close}. */
    public void close() {
        outbox.close();
    }

    private void ask() {
        if (running) {
            again = true;
        } else {
            start();
        }
    }

    private void start() {
        if (!round.begin(now())) {
            roundsDone++;
            return;
        }
        running = true;
        pump(lanes[0]);
        finishIfIdle();
    }

    private boolean await(long wanted, long deadlineMs, int mostLanes) {
        long sinceMs = now();
        long settled = round.settled();
        while (roundsDone < wanted) {
            long eventMs = Math.max(now(), nextEventMs());
            long patienceMs = answerTime.ms() >= SLOW_ANSWER_MS ? WIDEN_SLOW_MS : WIDEN_MS;
            long widenMs = round.hasUncarved() && idleLane(mostLanes) != null ? sinceMs + patienceMs : Long.MAX_VALUE;
            if (Math.min(eventMs, widenMs) > deadlineMs) {
                moveTo(deadlineMs);
                return false;
            }
            if (widenMs < eventMs) {
                moveTo(widenMs);
                sinceMs = now();
                Lane lane = idleLane(mostLanes);
                if (lane != null) {
                    pump(lane);
                }
            } else {
                readAnswers(eventMs);
            }
            if (round.settled() != settled) {
                settled = round.settled();
                sinceMs = now();
            }
        }
        return true;
    }

    private @Nullable Lane idleLane(int most) {
        for (int i = 1; i < most; i++) {
            if (lanes[i].parcel == null) {
                return lanes[i];
            }
        }
        return null;
    }

    private long nextEventMs() {
        long next = Long.MAX_VALUE;
        for (Lane lane : lanes) {
            next = Math.min(next, lane.endMs());
        }
        return next;
    }

    private void readAnswers(long toMs) {
        for (long next = nextEventMs(); next <= toMs; next = nextEventMs()) {
            moveTo(next);
            for (Lane lane : lanes) {
                if (lane.parcel != null && lane.endMs() == next) {
                    settle(lane);
                    break;
                }
            }
        }
    }

    private void settle(Lane lane) {
        Parcel<?> parcel = lane.parcel;
        if (parcel != null) {
            long before = counters.value(Counter.DELIVERED);
            round.settle(parcel, result(lane), now());
            lane.parcel = null;
            long delivered = counters.value(Counter.DELIVERED) - before;
            if (delivered > 0) {
                deliveries.delivered(delivered, lane.answerMs - 1);
            }
            pump(lane);
            finishIfIdle();
        }
    }

    private DeliveryResult result(Lane lane) {
        if (lane.endMs() < lane.answerMs) {
            lane.freshUntilMs = 0;
            return new DeliveryResult.Ambiguous("no answer", false, true);
        }
        if (lane.failed) {
            return new DeliveryResult.Retry("answered 500", 0, false);
        }
        if (lane.warm) {
            answerTime.took((now() - lane.sentMs) * 1_000_000);
        }
        return new DeliveryResult.Delivered("answered 202");
    }

    private void pump(Lane lane) {
        Parcel<?> parcel = running ? round.next(now()) : null;
        if (parcel != null) {
            lane.warm = lane.freshUntilMs > now();
            lane.connect(now());
            lane.parcel = parcel;
            lane.sentMs = Math.max(now(), lane.connectedMs) + ENCODE_MS;
            long answer = network.request(lane.sentMs);
            lane.failed = answer < 0;
            lane.answerMs = Math.abs(answer);
            lane.freshUntilMs = lane.sentMs + FRESH_MS;
        }
    }

    private void finishIfIdle() {
        if (running && nextEventMs() == Long.MAX_VALUE) {
            round.end(now());
            running = false;
            roundsDone++;
            if (again) {
                again = false;
                start();
            }
        }
    }

    /** Every exchange ends: what it carried is ambiguous. */
    private void abandon() {
        for (Lane lane : lanes) {
            Parcel<?> parcel = lane.parcel;
            if (parcel != null) {
                round.settle(parcel, new DeliveryResult.Ambiguous("abandoned", false, true), now());
                lane.parcel = null;
                lane.freshUntilMs = 0;
            }
        }
        again = false;
        finishIfIdle();
    }

    private void moveTo(long ms) {
        if (ms > now()) {
            clock.advanceMs(ms - now());
        }
    }

    private long now() {
        return clock.nowMs();
    }

    /** A connection, and what is under way on it. */
    private static final class Lane {
        private @Nullable Parcel<?> parcel;
        private long sentMs;
        private long answerMs;
        private boolean failed;
        private boolean warm;
        private long connectedMs;
        private long freshUntilMs;

        void connect(long nowMs) {
            if (freshUntilMs <= nowMs) {
                connectedMs = nowMs + CONNECT_MS;
                freshUntilMs = connectedMs + FRESH_MS;
            }
        }

        /** When the exchange ends, as far as it is known now. */
        long endMs() {
            return parcel == null ? Long.MAX_VALUE : Math.min(answerMs, sentMs + Round.EXCHANGE_MS);
        }
    }
}
