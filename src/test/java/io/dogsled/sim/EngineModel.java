package io.dogsled.sim;

import io.dogsled.aggregator.Aggregator;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.config.Config;
import io.dogsled.flush.Arrivals;
import io.dogsled.flush.FlushDecision;
import io.dogsled.flush.FlushMoment;
import io.dogsled.flush.FlushPolicy;
import io.dogsled.flush.FlushState;
import io.dogsled.forwarder.VirtualForwarder;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.Sample;
import io.dogsled.testing.Aggregations;
import io.dogsled.testing.ManualClock;
import io.dogsled.testing.PlainEnricher;
import io.dogsled.testing.SampleLines;
import java.util.Random;

/**
 * The engine in one sandbox: {@link FlushPolicy}, {@link Arrivals}, {@link Aggregator} and, by {@link VirtualForwarder}, queue, rounds and
 * breaker are its own classes. What {@code Moments} and {@code Flusher} do between them is repeated here in a few lines; what
 * they cost in time is taken from docs/benchmarks.md.
 */
final class EngineModel implements Extension {
    /** Drain, swap, hand over, and the platform's turn: "runtimeDone sent → next poll", less the intake. */
    private static final long HAND_OVER_MS = 2;

    /** How long WAIT_BRIEFLY waits, as {@code Moments} has it. */
    private static final long PATIENCE_MS = 25;

    private static final long EPOCH_MS = 1_700_000_000_000L;
    private static final long MARGIN_MS = 250;
    private static final Sample[] SAMPLES = {
        SampleLines.sample("orders.received:1|c|#env:prod,service:orders"),
        SampleLines.sample("orders.bytes:512|c|#env:prod,service:orders"),
        SampleLines.sample("orders.stock:7|g|#env:prod,service:orders"),
        SampleLines.sample("orders.duration:12.5|d|#env:prod,service:orders"),
    };

    private final Config.Flush config;
    private final Meter meter;
    private final Counters counters = new Counters();
    private final ManualClock clock = new ManualClock(EPOCH_MS);
    private final Aggregator aggregator;
    private final FlushPolicy policy;
    private final Arrivals arrivals;
    private final VirtualForwarder forwarder;
    private final Pending pending = new Pending();
    private long lastFlushMs;
    private boolean lastHadData;
    private long emitted;

    EngineModel(Config.Flush config, Intake intake, Meter meter, Random random) {
        this.config = config;
        this.meter = meter;
        this.aggregator = new Aggregator(Aggregations.defaults(), new PlainEnricher(), counters);
        this.policy = new FlushPolicy(config);
        this.arrivals = policy.arrivals();
        this.forwarder = new VirtualForwarder(
                clock,
                counters,
                new Random(random.nextLong()),
                sentMs -> request(intake, sentMs, random),
                this::delivered);
    }

    @Override
    public long invocation(long startMs, long endMs, int samples) {
        forwarder.runUntil(EPOCH_MS + startMs);
        arrivals.onArrival(clock.nowMs());
        FlushDecision atInvoke = decide(FlushMoment.INVOKE);
        act(atInvoke, 0);
        runFunction(EPOCH_MS + endMs);
        emit(samples, endMs);
        if (!atInvoke.hold()) {
            return Math.max(endMs, clock.nowMs() - EPOCH_MS);
        }
        forwarder.runUntil(EPOCH_MS + endMs + WORD_OF_END_MS);
        act(decide(FlushMoment.RUNTIME_DONE), config.budgetMs());
        return Math.max(endMs, clock.nowMs() - EPOCH_MS);
    }

    @Override
    public void shutdown(long nowMs) {
        forwarder.runUntil(EPOCH_MS + nowMs);
        forwarder.offer(aggregator.flush(clock.nowMs()));
        forwarder.attemptLast(SHUTDOWN_MS - MARGIN_MS);
        meter.deadLettered(forwarder.heldSamples());
        pending.clear();
        forwarder.close();
        long lost = counters.sum(Counter.Kind.LOST) - counters.value(Counter.LOST_SHUTDOWN);
        meter.lost(lost);
        meter.twice(counters.value(Counter.POSSIBLY_DUPLICATED));
        long gone = counters.value(Counter.DELIVERED) + counters.sum(Counter.Kind.LOST);
        if (emitted != gone || counters.value(Counter.RECEIVED) != gone) {
            throw new IllegalStateException("the ledger does not balance: emitted " + emitted + ", received "
                    + counters.value(Counter.RECEIVED) + ", delivered or lost " + gone);
        }
    }

    @Override
    public void kill(long nowMs) {
        throw new IllegalStateException("held beyond the time-out");
    }

    private void runFunction(long untilMs) {
        for (long tickMs = nextTickMs(); tickMs < untilMs; tickMs = nextTickMs()) {
            forwarder.runUntil(tickMs);
            act(decide(FlushMoment.TICK), 0);
        }
        forwarder.runUntil(untilMs);
    }

    private long nextTickMs() {
        long ms = policy.tickMs(state());
        return ms == 0 ? Long.MAX_VALUE : clock.nowMs() + ms;
    }

    private FlushDecision decide(FlushMoment moment) {
        return policy.decide(moment, state());
    }

    private FlushState state() {
        return new FlushState(
                clock.nowMs(),
                lastFlushMs,
                arrivals.steady(),
                arrivals.gapMs(),
                forwarder.isOpen(),
                forwarder.answerMs(),
                forwarder.hasPending(),
                aggregator.heldSamples(),
                aggregator.heldSamples() > 0 || lastHadData);
    }

    private void act(FlushDecision decision, long budgetMs) {
        switch (decision.action()) {
            case NONE -> {}
            case PREPARE -> forwarder.prepare();
            case BEGIN -> forwarder.begin();
            case SEND -> {
                handOver();
                forwarder.begin();
            }
            case WAIT -> {
                handOver();
                forwarder.deliver(budgetMs - HAND_OVER_MS, false);
            }
            case WAIT_BRIEFLY -> {
                handOver();
                forwarder.deliver(PATIENCE_MS - HAND_OVER_MS, true);
            }
        }
    }

    private void handOver() {
        lastFlushMs = clock.nowMs();
        forwarder.runUntil(clock.nowMs() + HAND_OVER_MS);
        MetricBatch batch = aggregator.flush(clock.nowMs());
        lastHadData = batch.newSamples() > 0;
        forwarder.offer(batch);
    }

    private void emit(int samples, long nowMs) {
        aggregator.beginDatagram(clock.nowMs());
        for (int i = 0; i < samples; i++) {
            aggregator.accept(SAMPLES[i % SAMPLES.length]);
        }
        aggregator.endDatagram();
        pending.add(nowMs, samples);
        emitted += samples;
    }

    private void delivered(long samples, long tookMs) {
        pending.deliver(samples, tookMs - EPOCH_MS, meter);
    }

    private static long request(Intake intake, long sentMs, Random random) {
        Intake.Answer answer = intake.request(sentMs - EPOCH_MS, random);
        if (answer.atMs() == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        return answer.ok() ? answer.atMs() + EPOCH_MS : -answer.atMs() - EPOCH_MS;
    }
}
