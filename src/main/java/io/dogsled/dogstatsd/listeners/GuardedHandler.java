package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Counter;
import io.dogsled.base.Instruments;
import io.dogsled.base.OncePerMinute;

/** The top of a thread that hands datagrams over: what a handler throws costs its datagram, is counted, and nothing else. */
final class GuardedHandler implements DatagramHandler {
    private final DatagramHandler handler;
    private final Instruments instruments;
    private final OncePerMinute line = new OncePerMinute();

    GuardedHandler(DatagramHandler handler, Instruments instruments) {
        this.handler = handler;
        this.instruments = instruments;
    }

    @Override
    public void onDatagram(byte[] buffer, int length) {
        try {
            handler.onDatagram(buffer, length);
        } catch (RuntimeException | Error fault) {
            onFault(fault);
        }
    }

    /** An error that is ours; a line a minute is enough of it. */
    void onFault(Throwable fault) {
        instruments.counters().increment(Counter.INTERNAL_ERRORS);
        if (line.isDue(instruments.clock().nowMs())) {
            instruments.log().error("dogstatsd: a datagram was lost to an error in Dogsled: " + fault);
        }
    }
}
