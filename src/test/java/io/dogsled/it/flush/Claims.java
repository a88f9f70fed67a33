package io.dogsled.it.flush;

import io.dogsled.testserver.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a row claims beside what is true in every cell: times, which a busy machine can spoil and which are then measured once more
 * alone, and what can be seen only after SHUTDOWN. The test's thread.
 */
final class Claims {
    private final boolean full;
    private final List<Time> times = new ArrayList<>();
    private final List<Late> late = new ArrayList<>();

    Claims(boolean full) {
        this.full = full;
    }

    /** A time and what it may be. */
    record Time(String what, Duration measured, Duration limit) {
        boolean holds(Duration forgiven) {
            return measured.compareTo(limit.plus(forgiven)) <= 0;
        }
    }

    /** The machine was too slow for there to be anything to judge: to be played once more, alone. */
    static final class TooLate extends AssertionError {
        private static final long serialVersionUID = 1;

        TooLate(String what) {
            super(what);
        }
    }

    /** Judged when the sandbox is gone. */
    interface Late {
        void judge() throws Exception;
    }

    /** Whether there is time for the long form of the row. */
    boolean full() {
        return full;
    }

    void time(String what, Duration measured, Duration limit) {
        times.add(new Time(what, measured, limit));
    }

    void afterShutdown(Late claim) {
        late.add(claim);
    }

    /** Nothing came twice in the same words: a point again only with a newer value, everything else once. */
    void onceAt(TestServer intake) {
        late.add(() -> Verdict.nothingIsRepeated(intake.intake()));
    }

    List<Time> times() {
        return List.copyOf(times);
    }

    void judgeLate() throws Exception {
        for (Late claim : late) {
            claim.judge();
        }
    }
}
