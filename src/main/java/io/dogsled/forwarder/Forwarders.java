package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.forwarder.Forwarder.Progress;
import io.dogsled.http.Network;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.serializer.PayloadSerializer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Every endpoint that gets the data: the main one, whose word is the ledger's, and the additional ones, each with a thread, a
 * queue, a connection and a ledger of its own. They are asked all at once and then waited for, so the slowest takes no time
 * from the others, and one whose breaker is open is not waited for at all (docs/decisions/023-endpoints.md).
 *
 * <p>The lambda thread's, but for {@link #heldSamples}, {@link #hasPending} and {@link #additional}, which any
 * may call.
 */
public final class Forwarders {
    private final Forwarder main;
    private final List<AdditionalEndpoint> additional;
    private final Clock clock;

    Forwarders(Forwarder main, List<AdditionalEndpoint> additional, Clock clock) {
        this.main = main;
        this.additional = Collections.unmodifiableList(additional);
        this.clock = clock;
    }

    /** One forwarder for each endpoint of the configuration; none runs yet. What cannot be used is a line in the log. */
    public static Forwarders of(Config config, Network network, Instruments instruments) {
        Config.Intake intake = config.intake();
        Endpoint endpoint = Endpoint.of(intake, network, instruments.log());
        List<Endpoint> others = AdditionalEndpoints.read(intake.additionalEndpoints(), endpoint, instruments.log());
        int all = others.size() + 1;
        Forwarder main = new Forwarder(endpoint.oneOf(all), new PayloadSerializer(intake.compress()), instruments);
        if (intake.deadLetterBytes() > 0) {
            main.writeRemainsTo(new DeadLetters(intake.deadLetterBytes(), Log.standardOutput(), instruments.clock()));
        }
        List<AdditionalEndpoint> additional = new ArrayList<>(others.size());
        for (Endpoint other : others) {
            additional.add(new AdditionalEndpoint(
                    other.oneOf(all),
                    additional.size() + 1,
                    keysOf(other.url(), additional) + 1,
                    new PayloadSerializer(intake.compress()),
                    instruments));
        }
        return new Forwarders(main, additional, instruments.clock());
    }

    private static int keysOf(String url, List<AdditionalEndpoint> endpoints) {
        int keys = 0;
        for (AdditionalEndpoint endpoint : endpoints) {
            keys += endpoint.url().equals(url) ? 1 : 0;
        }
        return keys;
    }

    /** Starts the threads; once, after {@code ready}. */
    public void start() {
        main.start();
        for (AdditionalEndpoint other : additional) {
            other.forwarder().start();
        }
    }

    /** The additional endpoints, in the order they were configured; unmodifiable. */
    public List<AdditionalEndpoint> additional() {
        return additional;
    }

    /** Takes over a batch, which may be empty; never waits. */
    public void offer(MetricBatch batch) {
        main.offer(batch);
        for (AdditionalEndpoint other : additional) {
            other.offer(batch);
        }
    }

    /** Has everything that was offered before this call attempted in the background; never waits. */
    public void begin() {
        main.begin();
        for (AdditionalEndpoint other : additional) {
            other.forwarder().begin();
        }
    }

    /**
     * Has everything that was offered before this call attempted once, and waits for it, unless waiting makes no sense.
     *
     * @param deadline when this call returns at the latest; what is under way then goes on without it
     * @return the main endpoint's progress
     */
    public Progress deliver(Deadline deadline) {
        long ticket = main.ask();
        long[] tickets = askAdditional();
        Progress progress = main.await(ticket, deadline);
        for (int i = 0; i < tickets.length; i++) {
            additional.get(i).forwarder().await(tickets[i], deadline);
        }
        return progress;
    }

    /**
     * As {@link #deliver}, for somebody whose time is short on purpose: to run out of it says nothing about an endpoint.
     *
     * @param patience when this call returns at the latest; what is under way then goes on without it
     * @return the main endpoint's progress
     */
    public Progress send(Deadline patience) {
        long ticket = main.ask();
        long[] tickets = askAdditional();
        Progress progress = main.awaitBriefly(ticket, patience);
        for (int i = 0; i < tickets.length; i++) {
            additional.get(i).forwarder().awaitBriefly(tickets[i], patience);
        }
        return progress;
    }

    private long[] askAdditional() {
        long[] tickets = new long[additional.size()];
        for (int i = 0; i < tickets.length; i++) {
            tickets[i] = additional.get(i).forwarder().ask();
        }
        return tickets;
    }

    /** Opens connections ahead, in the background, where a flush would have to open them; never waits. */
    public void prepare() {
        main.prepare();
        for (AdditionalEndpoint other : additional) {
            other.forwarder().prepare();
        }
    }

    /** Whether waiting for a delivery makes no sense: the breakers of all endpoints are open. */
    public boolean isOpen() {
        boolean open = main.isOpen();
        for (AdditionalEndpoint other : additional) {
            open &= other.forwarder().isOpen();
        }
        return open;
    }

    /**
     * Milliseconds that the slowest endpoint takes to answer on a warm connection, smoothed, of those that are worth waiting for; −1 =
     * none has answered yet.
     */
    public long answerMs() {
        long slowest = main.isOpen() ? -1 : main.answerMs();
        for (AdditionalEndpoint other : additional) {
            slowest = Math.max(
                    slowest, other.forwarder().isOpen() ? -1 : other.forwarder().answerMs());
        }
        return slowest;
    }

    /** Whether anything waits to be sent, or is being sent. */
    public boolean hasPending() {
        boolean pending = main.hasPending();
        for (AdditionalEndpoint other : additional) {
            pending |= other.forwarder().hasPending();
        }
        return pending;
    }

    /** Samples taken over and not settled yet, as the main endpoint has it. */
    public long heldSamples() {
        return main.heldSamples();
    }

    /**
     * The sandbox ends: one attempt at everything, at all endpoints at once; what is not delivered then is counted as lost.
     *
     * @param deadline when this call returns at the latest
     * @return the main endpoint's progress
     */
    public Progress shutdown(Deadline deadline) {
        List<Ending> endings = new ArrayList<>(additional.size());
        for (AdditionalEndpoint other : additional) {
            Ending ending = new Ending(other.forwarder(), deadline);
            endings.add(ending);
            ending.start();
        }
        Progress progress = main.shutdown(deadline);
        for (Ending ending : endings) {
            ending.await(clock);
        }
        return progress;
    }

    /**
     * This process is a copy of another: no connection is ours to use, and what it held before {@code beforeS} is not ours to
     * send.
     *
     * @param deadline when this call returns at the latest; what is in the air then stays held
     * @return samples lost, as the main endpoint has it
     */
    public long beginAnew(long beforeS, Deadline deadline) {
        long lost = main.beginAnew(beforeS, share(deadline, additional.size() + 1));
        for (int i = 0; i < additional.size(); i++) {
            additional.get(i).beginAnew(beforeS, share(deadline, additional.size() - i));
        }
        return lost;
    }

    private Deadline share(Deadline deadline, int of) {
        long nowNs = clock.nowNs();
        return Deadline.after(nowNs, deadline.remainingMs(nowNs) / of);
    }

    /** The last attempt of an additional endpoint, which may hang while the main one needs the time. */
    private static final class Ending extends Thread {
        /** The deadline has passed, and what is left to do is to count what remains. */
        private static final long COUNTING_MS = 20;

        private final Forwarder forwarder;
        private final Deadline deadline;

        Ending(Forwarder forwarder, Deadline deadline) {
            super("forwarder-end");
            setDaemon(true);
            this.forwarder = forwarder;
            this.deadline = deadline;
        }

        @Override
        public void run() {
            forwarder.shutdown(deadline);
        }

        void await(Clock clock) {
            try {
                join(deadline.remainingMs(clock.nowNs()) + COUNTING_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
