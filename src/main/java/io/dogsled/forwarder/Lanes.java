package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of one endpoint: the first is the forwarder's thread, further ones are started while somebody waits and the intake
 * is slow, and end when there is nothing left to carry. What stays of a lane is its connection.
 *
 * <p>{@link #run} and {@link #prepare} are the forwarder's thread's, everything else any thread's.
 */
final class Lanes {
    /** Series, sketches, and the rest. */
    static final int MOST = 3;

    /** At the end, one for each kind: there is no later. */
    static final int MOST_LAST = 4;

    private final Round round;
    private final Courier first;
    private final Instruments instruments;
    private final AnswerTime answerTime;

    // guarded by this
    private final @Nullable Lane[] lanes = new @Nullable Lane[MOST_LAST];
    private final boolean[] busy = new boolean[MOST_LAST];
    private boolean open;

    Lanes(Round round, Courier first, Instruments instruments, AnswerTime answerTime) {
        this.round = round;
        this.first = first;
        this.instruments = instruments;
        this.answerTime = answerTime;
    }

    /** Carries everything there is to carry, and returns when no lane carries anything any more. */
    void run() throws InterruptedException {
        Lane own;
        synchronized (this) {
            open = true;
            own = lane(0);
        }
        try {
            own.run();
        } finally {
            awaitOthers();
        }
    }

    /** Starts a further lane if fewer than {@code most} are at work and a round is under way. */
    synchronized void widen(int most) {
        for (int i = 1; open && i < most; i++) {
            if (!busy[i]) {
                start(i);
                return;
            }
        }
    }

    /** Opens the first lane's connection if there is no fresh one. */
    void prepare(Deadline deadline) {
        first.prepare(deadline);
    }

    /** Ends every exchange under way. */
    synchronized void abandon() {
        abandonOlderThan(-1);
    }

    /** Ends the exchanges that have been under way for longer than this by the wall clock. */
    synchronized void abandonOlderThan(long ms) {
        for (int i = 0; i < lanes.length; i++) {
            Lane lane = lanes[i];
            if (lane != null && (ms < 0 || lane.courier().isUnderWayLongerThan(ms))) {
                lane.courier().abandon();
            }
        }
    }

    @SuppressWarnings("CatchingUnchecked") // no memory for a thread: then there is one lane less
    private void start(int index) {
        Lane lane = lane(index);
        Thread thread = new Thread("forwarder-" + (index + 1)) {
            @Override
            public void run() {
                runOther(lane, index);
            }
        };
        thread.setDaemon(true);
        busy[index] = true;
        try {
            thread.start();
        } catch (Error e) {
            busy[index] = false;
            instruments.counters().increment(Counter.INTERNAL_ERRORS);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // the top of the thread
    private void runOther(Lane lane, int index) {
        try {
            lane.run();
        } catch (RuntimeException | Error e) {
            instruments.counters().increment(Counter.INTERNAL_ERRORS);
            instruments.log().error("forwarder: unexpected " + e + "; the next flush tries again");
        } finally {
            synchronized (this) {
                busy[index] = false;
                notifyAll();
            }
        }
    }

    private synchronized void awaitOthers() throws InterruptedException {
        while (isAnyBusy()) {
            wait();
        }
        open = false;
    }

    private boolean isAnyBusy() {
        for (boolean one : busy) {
            if (one) {
                return true;
            }
        }
        return false;
    }

    private Lane lane(int index) {
        Lane lane = lanes[index];
        if (lane == null) {
            lane = new Lane(round, index == 0 ? first : first.another(), instruments, answerTime);
            lanes[index] = lane;
        }
        return lane;
    }
}
