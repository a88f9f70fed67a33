package io.dogsled;

import io.dogsled.dogstatsd.listeners.ArrivalListener;
import io.dogsled.dogstatsd.listeners.MarkSender;
import io.dogsled.lambda.DataSignal;
import io.dogsled.lambda.LauncherChannel;

/** Connects the server to the launcher, which sends its markers and wakes the loop when data comes. Any thread. */
final class LauncherSide implements MarkSender, ArrivalListener {
    private final LauncherChannel channel;
    private final DataSignal signal;

    LauncherSide(LauncherChannel channel, DataSignal signal) {
        this.channel = channel;
        this.signal = signal;
    }

    @Override
    public void sendMark(byte[] payload) {
        channel.mark(payload);
    }

    @Override
    public void onArrival() {
        signal.onData();
    }

    /** The same for the Unix socket, whose markers the launcher puts into its pipe. */
    MarkSender unixMarks() {
        return new UnixMarks(channel);
    }

    private record UnixMarks(LauncherChannel channel) implements MarkSender {
        @Override
        public void sendMark(byte[] payload) {
            channel.markUnix(payload);
        }
    }
}
