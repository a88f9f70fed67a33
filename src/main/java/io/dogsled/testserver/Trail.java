package io.dogsled.testserver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last requests, for the {@link Timeline}. Bounded: at most {@value #MAX_REQUESTS} requests, beyond which the oldest is
 * forgotten and counted, and at most 2,000 bodies and 16 MiB of them that nobody has looked into yet. Any thread.
 */
final class Trail {
    static final int MAX_REQUESTS = 50_000;
    private static final int MAX_UNREAD = 2_000;
    private static final long MAX_UNREAD_BYTES = 16L * 1024 * 1024;

    private final Deque<Trace> traces = new ArrayDeque<>(); // guarded by this
    private final Deque<Trace> unread = new ArrayDeque<>(); // guarded by this
    private long unreadBytes; // guarded by this
    private int last; // guarded by this

    /** Begins a request whose head has been read; {@code arrivedNs} is when its first byte was there. */
    synchronized Trace begin(int connection, RequestHead head, long arrivedNs, String step) {
        Trace trace = new Trace(++last, connection, head, arrivedNs, step);
        traces.addLast(trace);
        if (traces.size() > MAX_REQUESTS) {
            traces.removeFirst();
        }
        return trace;
    }

    /** The body is there; what it says is read later. */
    void bodyRead(Trace trace, RequestHead head, byte[] body) {
        trace.bodyRead(head, body);
        synchronized (this) {
            unread.addLast(trace);
            unreadBytes += body.length;
        }
    }

    /** Looks into the oldest bodies if too many wait; called when an answer is out, so that no client waits for it. */
    void tidy() {
        List<Trace> due = new ArrayList<>();
        synchronized (this) {
            while (unreadBytes > MAX_UNREAD_BYTES || unread.size() > MAX_UNREAD) {
                Trace oldest = unread.removeFirst();
                unreadBytes -= oldest.bytes();
                due.add(oldest);
            }
        }
        due.forEach(Trace::digest);
    }

    /** Copies, in the order of their numbers. */
    List<TimedRequest> shown(long zeroNs) {
        List<Trace> copy;
        synchronized (this) {
            copy = List.copyOf(traces);
        }
        return copy.stream().map(trace -> trace.shown(zeroNs)).toList();
    }

    /** Requests that are no longer there. */
    synchronized int forgotten() {
        return last - traces.size();
    }
}
