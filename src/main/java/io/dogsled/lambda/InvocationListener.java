package io.dogsled.lambda;

import io.dogsled.base.Deadline;

/**
 * What the loop tells the rest of the engine; {@code ExtensionMain} connects it to the server and to the flush. Every call
 * is made by the main thread, returns by the deadline it is given, and may throw: the loop catches, counts and goes on.
 */
public interface InvocationListener {
    /** Why a flush may be due. */
    enum Moment {
        /** An invocation begins whose end will be announced; the function runs meanwhile. */
        START,

        /** Where {@link InvocationListener#awaitsData} said so: data may have come. */
        DATA,

        /** The function is done, and the invocation is held until the flush returns. */
        END,

        /** Nobody announces ends: an invocation begins, or data has been quiet. Nobody is held. */
        QUIET,

        /** {@link InvocationListener#intervalMs} has passed. */
        INTERVAL,

        /** Somebody or something asked for one now and waits: the local endpoint, a bound that was reached. */
        NOW,

        /** The last one: what is not delivered now never is. */
        LAST
    }

    /** The launcher has registered. Comes once, before the first event. */
    void onRegistered(Registration registration);

    /** SnapStart: the first event after a restore has come; nothing of the snapshot is to leave. Before that event. */
    void onRestored(Deadline deadline);

    /**
     * An invocation begins. What it decides holds for the whole invocation; {@link Moment#START} follows, when one that is
     * not held is done already.
     *
     * @return whether to hold it until its end is announced, so that its data leaves with it
     */
    boolean onInvoke(LambdaEvent event);

    /** Flushes, if the strategy wants it at this moment; drained first. Returns at the deadline at the latest. */
    void onFlush(Moment moment, Deadline deadline);

    /** The sandbox ends; the last flush comes after this. */
    void onShutdown(LambdaEvent event);

    /** Whether telemetry may still come that the last flush should contain: it then waits a little (rulings.md 27). */
    boolean awaitsTelemetry();

    /** Milliseconds to the next {@link Moment#INTERVAL} while a function runs; 0 = none, but on Managed Instances. */
    long intervalMs();

    /** Whether the first data of the invocation that has begun is to be told at once. */
    boolean awaitsData();

    /** Whether anything waits that a flush would take. */
    boolean hasUnflushed();

    /** A batch of the Telemetry API, {@code bytes[start, start + length)}; {@code receivedNs}: when the launcher had it. */
    void onTelemetry(byte[] bytes, int start, int length, long receivedNs);

    /** Another engine ran before this one; {@code dropped} datagrams were lost between the two. */
    void onRestarted(long dropped, String why);
}
