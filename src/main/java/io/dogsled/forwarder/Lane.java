package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import org.jspecify.annotations.Nullable;

/**
 * Carries parcels of a round to the intake, one after the other, on a connection of its own. Its thread's, but for
 * {@link #courier}.
 */
final class Lane {
    private static final long NS_PER_MS = 1_000_000L;

    private final Round round;
    private final Courier courier;
    private final Instruments instruments;
    private final AnswerTime answerTime;

    Lane(Round round, Courier courier, Instruments instruments, AnswerTime answerTime) {
        this.round = round;
        this.courier = courier;
        this.instruments = instruments;
        this.answerTime = answerTime;
    }

    /** To be abandoned from any thread. */
    Courier courier() {
        return courier;
    }

    /** Until there is nothing to carry any more. */
    void run() {
        for (Parcel<?> parcel = next(); parcel != null; parcel = next()) {
            boolean again = true;
            while (again) {
                again = round.settle(parcel, carry(parcel), clock().nowMs());
            }
        }
    }

    private @Nullable Parcel<?> next() {
        return round.isTimeOver(clock().nowNs()) ? null : round.next(clock().nowMs());
    }

    @SuppressWarnings("CatchingUnchecked") // a bug costs one parcel its certainty, not the round
    private DeliveryResult carry(Parcel<?> parcel) {
        long startMs = clock().nowMs();
        long startNs = clock().nowNs();
        Deadline deadline = round.deadline(startNs);
        try {
            DeliveryResult result = courier.deliver(parcel.payload(), deadline);
            if (courier.wasWarm()) {
                answerTime.took(Math.max(clock().nowNs() - startNs, (clock().nowMs() - startMs) * NS_PER_MS));
            }
            return result;
        } catch (RuntimeException | Error e) {
            instruments.counters().increment(Counter.INTERNAL_ERRORS);
            instruments.log().error("forwarder: unexpected " + e + "; the next flush tries again");
            return new DeliveryResult.Ambiguous("unexpected " + e, false, true);
        }
    }

    private Clock clock() {
        return instruments.clock();
    }
}
