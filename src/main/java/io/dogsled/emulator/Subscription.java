package io.dogsled.emulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One extension's telemetry: a bounded buffer and the virtual thread that empties it.
 *
 * <p>The first event in an empty buffer starts the timer; a batch goes out when the timer ends or when the buffer holds
 * {@code maxItems} or {@code maxBytes}. A listener that does not answer 2xx gets the same batch again after a pause, and the
 * buffer grows meanwhile up to its bound; what does not fit is counted and told with {@code platform.logsDropped}.
 */
final class Subscription implements AutoCloseable {
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 1000;

    private final String extension;
    private final Spec spec;
    private final TelemetryFeed.Bending bending;
    private final PlatformClock clock;
    private final Sent onSent;
    private final TelemetryPoster poster;
    private final Thread sender;
    private final List<TelemetryEvent> buffer = new ArrayList<>();
    private long bufferedBytes;
    private long firstNs;
    private long dropped;
    private long droppedBytes;
    private boolean closed;

    Subscription(String extension, Spec spec, TelemetryFeed.Bending bending, PlatformClock clock, Sent onSent) {
        this.extension = extension;
        this.spec = spec;
        this.bending = bending;
        this.clock = clock;
        this.onSent = onSent;
        this.poster = new TelemetryPoster(spec);
        this.sender = Thread.ofVirtual().name("telemetry-" + extension).start(this::send);
    }

    synchronized void offer(TelemetryEvent event) {
        if (!spec.types().contains(event.category()) || closed) {
            return;
        }
        int size = event.json().getBytes(StandardCharsets.UTF_8).length;
        if (bufferedBytes + size > 2L * spec.maxBytes() || buffer.size() >= spec.maxItems() * 2) {
            dropped++;
            droppedBytes += size;
            return;
        }
        if (buffer.isEmpty()) {
            firstNs = System.nanoTime();
        }
        buffer.add(event);
        bufferedBytes += size;
        notifyAll();
    }

    int postRaw(String body) {
        try (TelemetryPoster own = new TelemetryPoster(spec)) {
            return own.post(body);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        sender.interrupt();
        poster.close();
    }

    private void send() {
        try {
            while (true) {
                List<TelemetryEvent> batch = awaitBatch();
                Thread.sleep(bending.delay());
                bending.awaitThaw();
                List<String> events =
                        bending.rewrite(batch.stream().map(TelemetryEvent::json).toList());
                if (!events.isEmpty()) {
                    deliver(batch, events);
                }
            }
        } catch (InterruptedException e) {
            // closed: what is left belongs to a generation that nobody listens for
        }
    }

    private synchronized List<TelemetryEvent> awaitBatch() throws InterruptedException {
        while (buffer.isEmpty() || (!full() && leftMs() > 0)) {
            if (closed) {
                throw new InterruptedException();
            }
            if (buffer.isEmpty()) {
                wait();
            } else {
                wait(leftMs());
            }
        }
        List<TelemetryEvent> batch = new ArrayList<>(buffer);
        if (dropped > 0) {
            TelemetryEvent told = TelemetryEvent.platform(
                    "logsDropped",
                    "",
                    Json.object()
                            .put("reason", "Consumer seems to have fallen behind")
                            .put("droppedRecords", dropped)
                            .put("droppedBytes", droppedBytes));
            batch.add(told.at(clock.now()));
            dropped = 0;
            droppedBytes = 0;
        }
        buffer.clear();
        bufferedBytes = 0;
        return batch;
    }

    private boolean full() {
        return buffer.size() >= spec.maxItems() || bufferedBytes >= spec.maxBytes();
    }

    /** Milliseconds until the timer ends, rounded up. */
    private long leftMs() {
        if (bending.hurried()) {
            return 0;
        }
        long passedNs = System.nanoTime() - firstNs;
        return Math.max(0, (spec.timeoutMs() * 1_000_000L - passedNs + 999_999) / 1_000_000);
    }

    private void deliver(List<TelemetryEvent> batch, List<String> events) throws InterruptedException {
        long pauseMs = FIRST_PAUSE_MS;
        while (true) {
            try {
                int status = poster.send(events, atNs -> onSent.sent(extension, batch, atNs));
                if (status / 100 == 2) {
                    return;
                }
            } catch (IOException e) {
                // not there yet, or gone: the platform tries again
            }
            Thread.sleep(pauseMs);
            bending.awaitThaw();
            pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
        }
    }

    /** Called on the sending thread when a batch has been written. */
    @FunctionalInterface
    interface Sent {
        void sent(String extension, List<TelemetryEvent> batch, long atNs);
    }

    /**
     * A validated subscription; {@code path} is empty for the TCP protocol.
     *
     * @param host as in the destination; {@code sandbox} and {@code sandbox.localdomain} are this machine
     */
    record Spec(Set<String> types, String host, int port, String path, int maxItems, int maxBytes, int timeoutMs) {
        boolean tcp() {
            return path.isEmpty();
        }
    }
}
