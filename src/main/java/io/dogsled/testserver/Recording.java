package io.dogsled.testserver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Everything remembered since the start or the last reset: counters, accepted payloads, and the ids of scripted bodies.
 * A reset swaps the whole object, so a request that was under way still counts where it began. Any thread.
 */
final class Recording {
    private final Tally tally = new Tally();
    private final ScriptedBodies scriptedBodies = new ScriptedBodies();
    private final long maxBytes;
    private final Deque<ReceivedPayload> payloads = new ArrayDeque<>(); // guarded by this
    private long bytes; // guarded by this
    private long forgotten; // guarded by this

    /** Keeps at most {@code maxBytes} of payload bodies; beyond that the oldest are forgotten and counted. */
    Recording(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    Tally tally() {
        return tally;
    }

    ScriptedBodies scriptedBodies() {
        return scriptedBodies;
    }

    synchronized void add(ReceivedPayload payload) {
        payloads.addLast(payload);
        bytes += payload.sizeBytes();
        while (bytes > maxBytes && payloads.size() > 1) {
            bytes -= payloads.removeFirst().sizeBytes();
            forgotten++;
        }
    }

    /** A copy, in the order of completion. */
    synchronized List<ReceivedPayload> payloads() {
        return List.copyOf(payloads);
    }

    /** Payloads that were accepted, counted, and no longer kept. */
    synchronized long forgotten() {
        return forgotten;
    }
}
