package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.forwarder.DeliveryResult.Ambiguous;
import io.dogsled.forwarder.DeliveryResult.Refused;
import io.dogsled.forwarder.DeliveryResult.Retry;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;

/**
 * One attempt at everything that waits. Kind by kind, payload by payload, one at a time on one connection:
 *
 * <pre>
 * 2xx                         settled
 * 400                         not sent again
 * 413                         half as many values to a payload; a single value is not sent again
 * 403                         not sent again if the key cannot change; the round ends, and a pause begins
 * any other answer            kept; the rest of this kind waits for the next round, the next kind is tried
 * no answer, used connection  once more, on a new one
 * no answer, outcome unknown  scalars kept, sketches as configured; the round ends
 * not connected               kept; the round ends
 * </pre>
 *
 * <p>Nothing is tried twice in a round but what the table says, so a failing intake gets at most one request a kind and
 * flush. Runs on the forwarder's thread.
 */
final class Round {
    /** As the Agent's forwarder_timeout. It outlives budgets on purpose: an exchange is parked, not cut. */
    static final long EXCHANGE_MS = 20_000;

    /** At the end, each later kind keeps this much of the time for an attempt of its own. */
    static final long RESERVE_MS = 100;

    private final Outbox outbox;
    private final Courier courier;
    private final PayloadSerializer serializer;
    private final Endpoint endpoint;
    private final Pause pause;
    private final Watch watch;
    private volatile boolean hurried;
    private boolean last;

    Round(Outbox outbox, Courier courier, PayloadSerializer serializer, Endpoint endpoint, Watch watch) {
        this.outbox = outbox;
        this.courier = courier;
        this.serializer = serializer;
        this.endpoint = endpoint;
        this.pause = watch.pause();
        this.watch = watch;
    }

    /** Tries everything once, oldest bucket first, unless the endpoint is to be left alone. */
    void run() {
        if (!pause.isOn(nowMs())) {
            for (Shelf<?> shelf : outbox.shelves()) {
                if (mustStop() || !send(shelf, exchangeDeadline())) {
                    return;
                }
            }
        }
    }

    /** Tries everything once, newest bucket first, whatever the endpoint asked for, until the deadline. */
    void runLast(Deadline deadline) {
        last = true;
        int left = outbox.shelves().size();
        for (Shelf<?> shelf : outbox.shelves()) {
            left--;
            long nowNs = nowNs();
            long allMs = deadline.remainingMs(nowNs);
            long ownMs = Math.max(allMs / 2, allMs - left * RESERVE_MS);
            if (allMs == 0) {
                return;
            }
            send(shelf, Deadline.after(nowNs, ownMs));
        }
    }

    /** The sandbox ends: a round under way stops after the payload it is at. Any thread. */
    void hurry() {
        hurried = true;
    }

    private boolean send(Shelf<?> shelf, Deadline deadline) {
        shelf.take(last);
        try {
            int maxItems = Integer.MAX_VALUE;
            Next next = Next.PAYLOAD;
            while (shelf.inHand() > 0 && (next == Next.PAYLOAD || next == Next.HALF) && !mustStop()) {
                Payload payload = shelf.encode(serializer, maxItems);
                if (payload.tooLarge()) {
                    shelf.refused(1, Counter.LOST_TOO_LARGE, nowMs());
                } else {
                    next = sendOne(shelf, payload, last ? deadline : exchangeDeadline());
                    maxItems = next == Next.HALF ? payload.items() / 2 : maxItems;
                }
            }
            return next != Next.NONE;
        } finally {
            shelf.giveBack(nowMs());
        }
    }

    private Next sendOne(Shelf<?> shelf, Payload payload, Deadline deadline) {
        DeliveryResult result = courier.deliver(payload, deadline);
        if (result instanceof Ambiguous first && first.stale()) {
            if (first.written()) {
                shelf.aboutToRepeat(payload.items());
            }
            result = courier.deliver(payload, deadline);
        }
        boolean delivered = result.kind() == DeliveryResult.Kind.DELIVERED;
        watch.instruments().counters().increment(delivered ? Counter.PAYLOADS_SENT : Counter.PAYLOADS_FAILED);
        return switch (result.kind()) {
            case DELIVERED -> delivered(shelf, payload.items());
            case REFUSED -> refused(shelf, payload.items(), (Refused) result);
            case RETRY -> retry(shelf, (Retry) result);
            case AMBIGUOUS -> ambiguous(shelf, payload.items(), result.reason());
        };
    }

    private Next delivered(Shelf<?> shelf, int items) {
        shelf.delivered(items);
        pause.end();
        return Next.PAYLOAD;
    }

    private Next refused(Shelf<?> shelf, int items, Refused result) {
        long nowMs = nowMs();
        if (result.isTooLarge() && items > 1) {
            return Next.HALF;
        }
        if (!result.isForbidden()) {
            shelf.refused(items, Counter.LOST_REFUSED, nowMs);
            watch.complaints().refused(shelf.label(), result.reason());
            return Next.PAYLOAD;
        }
        if (!endpoint.keys().canChange()) {
            shelf.refused(items, Counter.LOST_FORBIDDEN, nowMs);
        }
        watch.complaints().forbidden();
        pause.forbidden(nowMs);
        return Next.NONE;
    }

    private Next retry(Shelf<?> shelf, Retry result) {
        watch.complaints().notDelivered(shelf.label(), result.reason(), outbox.heldSamples());
        if (result.afterMs() > 0) {
            pause.begin(nowMs(), result.afterMs());
            return Next.NONE;
        }
        return result.unreachable() ? Next.NONE : Next.KIND;
    }

    private Next ambiguous(Shelf<?> shelf, int items, String reason) {
        shelf.ambiguous(items);
        watch.complaints().notDelivered(shelf.label(), reason, outbox.heldSamples());
        return Next.NONE;
    }

    private boolean mustStop() {
        return hurried && !last;
    }

    private long nowMs() {
        return watch.instruments().clock().nowMs();
    }

    private long nowNs() {
        return watch.instruments().clock().nowNs();
    }

    private Deadline exchangeDeadline() {
        return Deadline.after(nowNs(), EXCHANGE_MS);
    }

    /** What a round does after a payload. */
    private enum Next {
        PAYLOAD,
        HALF,
        KIND,
        NONE
    }

    /** What a round looks at and reports to. */
    record Watch(Instruments instruments, Complaints complaints, Pause pause) {}
}
