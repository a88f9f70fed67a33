package io.dogsled.emulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * The events of one sandbox on their way to its subscribers. Events from before a subscription are replayed to it. While the
 * environment is frozen nothing is sent. Thread-safe; each subscription sends on its own thread.
 */
final class TelemetryFeed {
    private static final int MAX_EARLY = 1000;

    private final Journal journal;
    private final PlatformClock clock;
    private final List<TelemetryEvent> early = new ArrayList<>();
    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
    private final Bending bending = new Bending();
    private BiConsumer<String, Long> onRuntimeDoneSent = (requestId, atNs) -> {};

    TelemetryFeed(Journal journal, PlatformClock clock) {
        this.journal = journal;
        this.clock = clock;
    }

    /** Called on a sending thread with the request id and the time when a {@code platform.runtimeDone} was written. */
    synchronized void onRuntimeDoneSent(BiConsumer<String, Long> listener) {
        onRuntimeDoneSent = listener;
    }

    /** False if this extension has subscribed before. */
    synchronized boolean subscribe(String extension, Subscription.Spec spec) {
        if (subscriptions.containsKey(extension)) {
            return false;
        }
        Subscription subscription = new Subscription(extension, spec, bending, clock, this::sent);
        subscriptions.put(extension, subscription);
        early.forEach(subscription::offer);
        return true;
    }

    synchronized void publish(TelemetryEvent happened) {
        TelemetryEvent event = happened.at(clock.now());
        if (early.size() < MAX_EARLY && !event.category().equals("extension")) {
            early.add(event);
        }
        subscriptions.values().forEach(subscription -> subscription.offer(event));
    }

    /** Tells the events of init once more, as they were: what a restored snapshot gets. */
    synchronized void replayInit() {
        for (TelemetryEvent event : early) {
            if (event.type().startsWith("platform.init")) {
                subscriptions.values().forEach(subscription -> subscription.offer(event));
            }
        }
    }

    /** Sends nothing until {@link #resume}; a batch that is being sent stays where the freeze caught it. */
    void pause() {
        bending.pause(true);
    }

    void resume() {
        bending.pause(false);
    }

    void delay(Duration delay) {
        bending.delay(delay);
    }

    /** No buffering: every event leaves as soon as it is there. */
    void hurry() {
        bending.hurry();
    }

    void rewrite(UnaryOperator<List<String>> batch) {
        bending.rewrite(batch);
    }

    /** Posts a body as it is to every subscriber, on the caller's thread; the statuses, 0 for no answer. */
    List<Integer> post(String body) {
        List<Subscription> all;
        synchronized (this) {
            all = List.copyOf(subscriptions.values());
        }
        return all.stream().map(subscription -> subscription.postRaw(body)).toList();
    }

    /** Forgets subscribers and events: the generation is over. */
    synchronized void reset() {
        subscriptions.values().forEach(Subscription::close);
        subscriptions.clear();
        early.clear();
    }

    private void sent(String extension, List<TelemetryEvent> batch, long atNs) {
        BiConsumer<String, Long> listener;
        synchronized (this) {
            listener = onRuntimeDoneSent;
        }
        for (TelemetryEvent event : batch) {
            if (event.type().equals("platform.runtimeDone")) {
                listener.accept(event.requestId(), atNs);
            }
        }
        journal.mark(
                Mark.Kind.TELEMETRY_SENT,
                extension,
                String.join(" ", batch.stream().map(TelemetryEvent::type).toList()));
    }

    /** What a test or a freeze does to the stream. Thread-safe. */
    static final class Bending {
        private boolean paused;
        private boolean hurried;
        private Duration delay = Duration.ZERO;
        private UnaryOperator<List<String>> rewrite = batch -> batch;

        synchronized void pause(boolean pause) {
            paused = pause;
            notifyAll();
        }

        synchronized void delay(Duration by) {
            delay = by;
        }

        synchronized void hurry() {
            hurried = true;
        }

        synchronized boolean hurried() {
            return hurried;
        }

        synchronized void rewrite(UnaryOperator<List<String>> with) {
            rewrite = with;
        }

        synchronized void awaitThaw() throws InterruptedException {
            while (paused) {
                wait();
            }
        }

        synchronized Duration delay() {
            return delay;
        }

        List<String> rewrite(List<String> batch) {
            UnaryOperator<List<String>> with;
            synchronized (this) {
                with = rewrite;
            }
            return with.apply(batch);
        }
    }
}
