package io.dogsled.lambda;

/**
 * Tells the main thread that data has begun to come, so that it can wait for quiet without an idle ticker: armed, the first
 * datagram asks the launcher for a tick; the ones after it cost a volatile read each.
 *
 * <p>The receiver calls {@link #onData}; the main thread arms.
 */
public final class DataSignal {
    /** No datagram for so long means that the sender has paused. */
    static final long QUIET_MS = 5;

    private final LauncherChannel channel;
    private volatile boolean armed;

    public DataSignal(LauncherChannel channel) {
        this.channel = channel;
    }

    /** A datagram was read. */
    public void onData() {
        if (armed) {
            armed = false;
            channel.wake(QUIET_MS);
        }
    }

    void arm() {
        armed = true;
    }

    void disarm() {
        armed = false;
    }
}
