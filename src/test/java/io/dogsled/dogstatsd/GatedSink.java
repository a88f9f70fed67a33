package io.dogsled.dogstatsd;

import io.dogsled.metrics.Event;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.SampleSink;
import io.dogsled.metrics.ServiceCheck;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Remembers the names of samples, packet by packet, in the order in which packets ended. A thread that parses a sample called {@code
 * hold} stays there until the gate is opened. Any threads.
 */
final class GatedSink implements SampleSink {
    private final Map<Thread, List<String>> open = new HashMap<>();
    private final List<List<String>> packets = new ArrayList<>();
    private int held;
    private boolean gateIsOpen;

    @Override
    public synchronized void beginDatagram(long nowMs) {
        open.put(Thread.currentThread(), new ArrayList<>());
    }

    @Override
    public synchronized void accept(Sample sample) {
        String name =
                new String(sample.buffer, sample.nameStart, sample.nameEnd - sample.nameStart, StandardCharsets.UTF_8);
        Objects.requireNonNull(open.get(Thread.currentThread())).add(name);
        if (name.equals("fail")) {
            throw new IllegalStateException("as the test wants it");
        }
        if (name.equals("hold")) {
            stay();
        }
    }

    @Override
    public void accept(Event event) {
        throw new AssertionError("no event was sent");
    }

    @Override
    public void accept(ServiceCheck check) {
        throw new AssertionError("no check was sent");
    }

    @Override
    public synchronized void endDatagram() {
        packets.add(Objects.requireNonNull(open.remove(Thread.currentThread())));
    }

    /** Waits until {@code count} threads are at the gate. */
    synchronized void awaitHeld(int count) throws InterruptedException {
        long deadlineNs = System.nanoTime() + 5_000_000_000L;
        while (held < count && System.nanoTime() - deadlineNs < 0) {
            wait(10);
        }
        if (held < count) {
            throw new AssertionError(held + " threads at the gate, not " + count);
        }
    }

    /** Lets everyone go on. */
    synchronized void openGate() {
        gateIsOpen = true;
        notifyAll();
    }

    /** The names in each packet that has ended, but for those that were held. */
    synchronized List<List<String>> packets() {
        List<List<String>> others = new ArrayList<>();
        for (List<String> packet : packets) {
            if (!packet.contains("hold")) {
                others.add(packet);
            }
        }
        return others;
    }

    /** All names, whatever packet they were in. */
    synchronized List<String> names() {
        List<String> names = new ArrayList<>();
        for (List<String> packet : packets) {
            names.addAll(packet);
        }
        return names;
    }

    private synchronized void stay() {
        held++;
        notifyAll();
        try {
            while (!gateIsOpen) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
