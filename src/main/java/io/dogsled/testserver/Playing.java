package io.dogsled.testserver;

import java.util.List;
import java.util.OptionalLong;

/**
 * A schedule in a server: its clock, and how often each span has had a say. Any thread; the refusals are a virtual thread
 * of their own that sleeps from one change to the next and ends with the last.
 */
final class Playing {
    /** The listening side of a server. */
    interface Doors {
        /** Returns the number of this refusal. */
        int refuse();

        /** Listens again if that refusal is the newest. */
        void resume(int refusal);
    }

    private final Schedule schedule;
    private final int[] uses; // guarded by this
    private long zeroNs; // guarded by this
    private boolean begun; // guarded by this
    private long stoppedNs; // guarded by this
    private boolean stopped; // guarded by this

    /** {@code nowNs} is monotonic, as everywhere in this class. */
    Playing(Schedule schedule, long nowNs) {
        this.schedule = schedule;
        this.uses = new int[schedule.spans().size()];
        this.zeroNs = nowNs;
        this.begun = !schedule.waitsForRequest();
    }

    Schedule schedule() {
        return schedule;
    }

    /** Starts the thread that refuses, if the schedule ever does. */
    void open(Doors doors) {
        if (schedule.nextRefusalChangeNs(-1) != Long.MAX_VALUE) {
            Thread.ofVirtual().name("testserver-schedule").start(() -> refuseInTime(doors));
        }
    }

    /** The plan of a request whose head has just been read; it may be the one that starts the clock. */
    synchronized Plan over(Plan base, String path, long nowNs) {
        if (!begun) {
            begun = true;
            zeroNs = nowNs;
            notifyAll();
        }
        Plan plan = base;
        List<Schedule.Span> spans = schedule.spans();
        for (int i = 0; i < uses.length; i++) {
            Scenario scenario = spans.get(i).scenario();
            if (scenario == null || !scenario.matches(path) || !spans.get(i).holds(nowNs - zeroNs)) {
                continue;
            }
            if (scenario.times() == 0 || uses[i] < scenario.times()) {
                plan = scenario.over(plan, uses[i]++ & Integer.MAX_VALUE);
            }
        }
        return plan;
    }

    /** Nothing more happens by it; a refusal that holds ends. */
    synchronized void stop(long nowNs) {
        if (!stopped) {
            stopped = true;
            stoppedNs = nowNs;
            notifyAll();
        }
    }

    /** When its clock was at zero; nothing if no request has come yet. */
    synchronized OptionalLong zeroNs() {
        return begun ? OptionalLong.of(zeroNs) : OptionalLong.empty();
    }

    /** Until when it played; {@code Long.MAX_VALUE} = it still does. */
    synchronized long stoppedNs() {
        return stopped ? stoppedNs : Long.MAX_VALUE;
    }

    private void refuseInTime(Doors doors) {
        try {
            while (awaitRefusal(true)) {
                int refusal = doors.refuse();
                awaitRefusal(false);
                doors.resume(refusal);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until connections shall be refused, or until they shall not; false if that never comes. */
    private synchronized boolean awaitRefusal(boolean wanted) throws InterruptedException {
        while (refusesNow() != wanted) {
            long elapsedNs = System.nanoTime() - zeroNs;
            long changeNs = begun ? schedule.nextRefusalChangeNs(elapsedNs) : Long.MAX_VALUE;
            if (stopped || (begun && wanted && changeNs == Long.MAX_VALUE)) {
                return false;
            }
            wait(changeNs == Long.MAX_VALUE ? 0 : (changeNs - elapsedNs) / 1_000_000 + 1); // 0 = until it is told
        }
        return true;
    }

    private boolean refusesNow() {
        return begun && !stopped && schedule.refuses(System.nanoTime() - zeroNs);
    }
}
