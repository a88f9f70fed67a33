package io.dogsled.flush;

import io.dogsled.aggregator.Pipelines;
import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.dogstatsd.DogStatsDServer;
import io.dogsled.forwarder.Forwarder;
import io.dogsled.forwarder.Forwarders;
import io.dogsled.metrics.MetricBatch;
import org.jspecify.annotations.Nullable;

/**
 * One flush: drain the socket, swap the buckets out, hand them over, wait for the delivery. One deadline covers it all;
 * what is not done by then goes on without the caller (architecture.md, "One budget for time after the runtime").
 *
 * <p>The lambda thread's. No lock is held between the steps, so reception goes on all the time.
 */
public final class Flusher {
    /** Fewer and smaller datagrams than these fit even into the default receive buffer of 212,992 bytes. */
    private static final long FEW_DATAGRAMS = 64;

    private static final long FEW_BYTES = 65_536;

    /** So long the platform lets a function's hooks run after a restore (lambda.md §1.7): what is older is of the snapshot. */
    private static final long HOOKS_S = 10;

    private static final long BUCKET_S = 10;

    private static final long LAST_WORDS_MS = 40;
    private static final long LAST_WORDS_SHARE = 10;

    /** So long may a drain take that nobody asked for: what the parser has no time for leaves with the next flush. */
    private static final long DRAIN_MS = 20;

    /** Told when what is held may have changed: when the buckets were taken out, and when the flush is over. Main thread. */
    public interface HoldingsListener {
        void onHoldings();
    }

    private final @Nullable DogStatsDServer server;
    private final Pipelines aggregator;
    private final Forwarders forwarders;
    private final Instruments instruments;
    private @Nullable SelfMetrics selfMetrics;
    private @Nullable HoldingsListener holdings;
    private long datagramsLookedAt;
    private long bytesLookedAt;
    private long wordMs = FlushReport.NO_WORD;

    /** {@code server}: null if there is no socket to drain; datagrams that the launcher kept may still come. */
    public Flusher(
            @Nullable DogStatsDServer server, Pipelines aggregator, Forwarders forwarders, Instruments instruments) {
        this.server = server;
        this.aggregator = aggregator;
        this.forwarders = forwarders;
        this.instruments = instruments;
    }

    /** Has these reported with every flush from now on. */
    public void report(SelfMetrics metrics) {
        selfMetrics = metrics;
    }

    /** Has this told from now on. */
    public void tell(HoldingsListener listener) {
        holdings = listener;
    }

    /**
     * Flushes what was sent to the socket before this call. Without anything to send the network is left alone.
     *
     * @param deadline when this call returns at the latest
     */
    public FlushReport flush(Deadline deadline) {
        long startNs = clock().nowNs();
        boolean drained = drain(half(deadline));
        long newSamples = handOver(false);
        Forwarder.Progress progress = forwarders.deliver(deadline);
        return report(drained, newSamples, progress, startNs);
    }

    /**
     * The same without waiting for the intake: what was sent to the socket is handed over and begins to leave.
     *
     * @param deadline when this call returns at the latest
     */
    public FlushReport send(Deadline deadline) {
        long startNs = clock().nowNs();
        boolean drained = drain(deadline.earlier(Deadline.after(startNs, DRAIN_MS)));
        long newSamples = handOver(false);
        forwarders.begin();
        return report(drained, newSamples, underWay(), startNs);
    }

    /**
     * As {@link #send}, and stays until all was delivered or the deadline is over, so that the request is on its way when the
     * sandbox is frozen. This is no flush that an endpoint can fail.
     */
    public FlushReport sendAndStay(Deadline deadline) {
        long startNs = clock().nowNs();
        boolean drained = drain(half(deadline));
        long newSamples = handOver(false);
        Forwarder.Progress progress = forwarders.send(deadline);
        return report(drained, newSamples, progress, startNs);
    }

    /** Has what is kept attempted in the background; never waits. */
    public void begin() {
        forwarders.begin();
    }

    /** Has connections opened in the background; never waits. */
    public void prepare() {
        forwarders.prepare();
    }

    /**
     * The last flush: one attempt at everything, and what remains is counted as lost; so is what comes after it began.
     *
     * @param deadline when this call returns at the latest
     */
    public FlushReport shutdown(Deadline deadline) {
        long startNs = clock().nowNs();
        boolean drained = drain(half(deadline));
        if (server != null) {
            server.discard();
            if (!drained) {
                server.drain(half(deadline)); // what the parser had no time for is at least counted
            }
        }
        long newSamples = handOver(true);
        Forwarder.Progress progress = forwarders.shutdown(beforeTheLastWords(deadline));
        // what a parser was at when the buckets were taken out
        instruments
                .counters()
                .add(Counter.LOST_SHUTDOWN, aggregator.flush(clock().nowMs()).newSamples());
        return report(drained, newSamples, progress, startNs);
    }

    /**
     * SnapStart: this process is a copy, woken a moment ago, of one that was initialised long before; what that one had done or
     * held is not ours (docs/decisions/018-snapshots.md). What the function's hooks sent since then is.
     *
     * @param deadline when this call returns at the latest
     */
    public void beginAnew(Deadline deadline) {
        if (server != null) {
            server.countKernelDrops();
            if (server.drain(half(deadline))) {
                server.beginAnew();
            }
        }
        instruments.counters().beginAnew();
        datagramsLookedAt = 0;
        bytesLookedAt = 0;
        long nowMs = clock().nowMs();
        aggregator.beginAt(nowMs);
        if (selfMetrics != null) {
            selfMetrics.beginAnew();
            selfMetrics.beginAt(nowMs);
        }
        forwarders.offer(aggregator.flush(nowMs));
        long lost = forwarders.beginAnew(nowMs / 1_000 - HOOKS_S - BUCKET_S, deadline);
        if (lost > 0) {
            instruments
                    .log()
                    .warn("SnapStart: " + lost
                            + " samples from before the snapshot are not sent, since every copy of it"
                            + " would send them; let the function send them in a handler or after the restore");
        }
    }

    /** Whether a flush would find anything to send. Any thread. */
    public boolean hasUnflushed() {
        return aggregator.heldSamples() > 0 || forwarders.hasPending();
    }

    /** Whether there is no sense in waiting for the intake. */
    public boolean isOpen() {
        return forwarders.isOpen();
    }

    /** How long the intake usually takes to answer, in milliseconds; −1 = not known. */
    public long answerMs() {
        return forwarders.answerMs();
    }

    /** Whether something was handed over and is not acknowledged. Any thread. */
    public boolean keeps() {
        return forwarders.hasPending();
    }

    /** Samples that no flush has taken out yet. Any thread. */
    public long waitingSamples() {
        return aggregator.heldSamples();
    }

    /**
     * The next flush comes after the platform's word about the end of a function, and reports how long that had taken.
     *
     * @param ms from the end of the function to the arrival of the word, {@link FlushReport#NO_WORD} = unknown
     */
    public void onWord(long ms) {
        wordMs = ms;
    }

    private Forwarder.Progress underWay() {
        if (!forwarders.hasPending()) {
            return Forwarder.Progress.IDLE;
        }
        return forwarders.isOpen() ? Forwarder.Progress.WITHHELD : Forwarder.Progress.PARKED;
    }

    private boolean drain(Deadline deadline) {
        if (server == null) {
            return true;
        }
        boolean drained = server.drain(deadline);
        if (couldHaveFilledASocket()) {
            server.countKernelDrops();
        }
        return drained;
    }

    /**
     * A socket is full before the kernel drops, and what filled it is read by then. So a quiet invocation, which is almost
     * every one, does not pay for a look; the last ledger looks in any case.
     */
    private boolean couldHaveFilledASocket() {
        long datagrams = instruments.counters().value(Counter.DATAGRAMS);
        long bytes = instruments.counters().value(Counter.BYTES);
        if (datagrams - datagramsLookedAt < FEW_DATAGRAMS && bytes - bytesLookedAt < FEW_BYTES) {
            return false;
        }
        datagramsLookedAt = datagrams;
        bytesLookedAt = bytes;
        return true;
    }

    /** Also if the batch is empty: for what was refused in a bucket that is over by now, time has passed. */
    private long handOver(boolean last) {
        long nowMs = clock().nowMs();
        MetricBatch batch = aggregator.flush(nowMs);
        if (selfMetrics != null) {
            batch = selfMetrics.with(batch, nowMs, last);
        }
        forwarders.offer(batch);
        tellHoldings();
        return batch.newSamples();
    }

    private void tellHoldings() {
        if (holdings != null) {
            holdings.onHoldings();
        }
    }

    private FlushReport report(boolean drained, long newSamples, Forwarder.Progress progress, long startNs) {
        FlushReport report = new FlushReport(drained, newSamples, progress, sinceMs(startNs), wordMs);
        wordMs = FlushReport.NO_WORD;
        tellHoldings();
        if (instruments.log().isDebug()) {
            instruments.log().debug(report.line());
        }
        return report;
    }

    /** The ledger's lines have to be out before the launcher ends this process, on a machine that is busy too. */
    private Deadline beforeTheLastWords(Deadline deadline) {
        long nowNs = clock().nowNs();
        long leftMs = deadline.remainingMs(nowNs);
        return Deadline.after(nowNs, leftMs - Math.min(LAST_WORDS_MS, leftMs / LAST_WORDS_SHARE));
    }

    /** A parser that cannot keep up leaves the other half of the time to the delivery. */
    private Deadline half(Deadline deadline) {
        long nowNs = clock().nowNs();
        return Deadline.after(nowNs, deadline.remainingMs(nowNs) / 2);
    }

    private long sinceMs(long startNs) {
        return (clock().nowNs() - startNs) / 1_000_000;
    }

    private Clock clock() {
        return instruments.clock();
    }
}
