package io.dogsled.forwarder;

import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import io.dogsled.forwarder.Forwarder.Progress;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.serializer.PayloadSerializer;
import java.util.List;

/**
 * Every endpoint that gets the data: the main one, whose word is the ledger's, and the additional ones. Each has a thread, a
 * queue and a connection of its own, so that none waits for another.
 *
 * <p>The lambda thread's, but for {@link #heldSamples}, {@link #hasPending} and {@link #oldestS}, which any may call.
 */
public final class Forwarders {
    private final Forwarder main;

    /** {@code all}: at least one; the first is the main one. */
    public Forwarders(List<Forwarder> all) {
        this.main = all.getFirst();
    }

    /** One forwarder for each endpoint of the configuration; none runs yet. */
    public static Forwarders of(Config config, Instruments instruments) {
        Forwarder main = new Forwarder(
                Endpoint.of(config.intake()),
                new PayloadSerializer(config.intake().compress()),
                instruments);
        return new Forwarders(List.of(main));
    }

    /** Starts the threads; once, after {@code ready}. */
    public void start() {
        main.start();
    }

    /** Takes over a batch, which may be empty; never waits. */
    public void offer(MetricBatch batch) {
        main.offer(batch);
    }

    /** Has everything that was offered before this call attempted in the background; never waits. */
    public void begin() {
        main.begin();
    }

    /**
     * Has everything that was offered before this call attempted once, and waits for it, unless waiting makes no sense.
     *
     * @param deadline when this call returns at the latest; what is under way then goes on without it
     * @return the main endpoint's progress
     */
    public Progress deliver(Deadline deadline) {
        return main.deliver(deadline);
    }

    /** Opens connections ahead, in the background, where a flush would have to open them; never waits. */
    public void prepare() {
        main.prepare();
    }

    /** Whether waiting for a delivery makes no sense: no endpoint that has something to send is likely to answer. */
    public boolean isOpen() {
        return main.isOpen();
    }

    /** Milliseconds that the slowest endpoint takes to answer on a warm connection, smoothed; −1 = none has answered yet. */
    public long answerMs() {
        return main.answerMs();
    }

    /** Whether anything waits to be sent, or is being sent. */
    public boolean hasPending() {
        return main.hasPending();
    }

    /** Samples taken over and not settled yet, as the main endpoint has it. */
    public long heldSamples() {
        return main.heldSamples();
    }

    /** The oldest bucket that waits, in seconds since the epoch; {@link Long#MAX_VALUE} = none does. */
    public long oldestS() {
        return main.oldestS();
    }

    /**
     * The sandbox ends: one attempt at everything, at all endpoints at once; what is not delivered then is counted as lost.
     *
     * @param deadline when this call returns at the latest
     */
    public Progress shutdown(Deadline deadline) {
        return main.shutdown(deadline);
    }

    /**
     * This process is a copy of another: no connection is ours to use, and what it held before {@code beforeS} is not ours to
     * send.
     *
     * @param deadline when this call returns at the latest; what is in the air then stays held
     * @return samples lost
     */
    public long beginAnew(long beforeS, Deadline deadline) {
        return main.beginAnew(beforeS, deadline);
    }
}
